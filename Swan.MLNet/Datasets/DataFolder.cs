namespace Swan.MLNet.Datasets;

/// <summary>Finds out which layout a folder has.</summary>
internal static class DataFolder
{
    public static (CaptionedImageSet Train, CaptionedImageSet? Validation) Open(string directory, bool skipMissing)
    {
        ThrowIfMissing(directory);
        string images = Images(directory);
        return Both(
            () => (CaptionFiles.Find(directory, "train") ?? throw NoLayout(directory))(images, skipMissing),
            () => CaptionFiles.Find(directory, "val")?.Invoke(images, skipMissing));
    }

    /// <summary>Reads one split of a folder, or one file.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="imageFolder">Where the images are; null looks where <see cref="Open"/> does.</param>
    /// <param name="split">Such as <c>train</c>, <c>val</c> or <c>test</c>; a file of one split only ignores it.</param>
    /// <param name="skipMissing">Whether images that are not there are left out.</param>
    public static CaptionedImageSet Read(string path, string? imageFolder, string split, bool skipMissing)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Directory.Exists(path))
        {
            string beside = Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".";
            return CaptionFiles.Read(path, imageFolder ?? Images(beside), split, skipMissing);
        }
        return (CaptionFiles.Find(path, split) ?? throw NoSplit(path, split))(imageFolder ?? Images(path), skipMissing);
    }

    private static string Images(string directory)
    {
        // A name on a file system that tells cases apart may be Images.
        string? inside = Directory.Exists(directory)
            ? Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal)
                .FirstOrDefault(path => Path.GetFileName(path).Equals("images", StringComparison.OrdinalIgnoreCase))
            : null;
        return new[] { Path.Combine(directory, "images"), inside, Path.Combine(directory, "..", "images") }
            .FirstOrDefault(Directory.Exists) ?? directory;
    }

    private static void ThrowIfMissing(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory)) throw Fault(directory, "there is no such folder.");
    }

    private static SwanDataException NoLayout(string directory) =>
        Fault(directory, $"it has none of the three supported layouts. Expected one of these: {CaptionFiles.Sought}.");

    private static SwanDataException NoSplit(string directory, string split) => Fault(directory,
        $"it has no images of the split '{split}' in any of the three supported layouts. For 'train' they are: {CaptionFiles.Sought}.");

    // The problems of both files come together.
    private static (CaptionedImageSet, CaptionedImageSet?) Both(Func<CaptionedImageSet> train, Func<CaptionedImageSet?> validation)
    {
        var faults = new List<DataFault>();
        CaptionedImageSet? first = Try(train), second = Try(validation);
        // Problems of a file that both are read from are reported once.
        return faults.Count == 0 ? (first!, second) : throw new SwanDataException([.. faults.Distinct()]);

        CaptionedImageSet? Try(Func<CaptionedImageSet?> read)
        {
            try
            {
                return read();
            }
            catch (SwanDataException e)
            {
                faults.AddRange(e.Faults);
                return null;
            }
        }
    }

    private static SwanDataException Fault(string file, string problem) => new([new DataFault(file, 0, problem)]);
}
