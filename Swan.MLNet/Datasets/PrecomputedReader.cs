namespace Swan.MLNet.Datasets;

/// <summary>
/// Reads the reference's layout: <c>*_caps.txt</c>, one caption a line, and <c>*_filename.txt</c>, the image's name once for each of its
/// captions.
/// </summary>
internal static class PrecomputedReader
{
    /// <summary>Reads a pair of files.</summary>
    /// <param name="captionFile">One caption a line.</param>
    /// <param name="nameFile">As many lines; the captions of one image follow each other.</param>
    /// <param name="imageFolder">Where the images are.</param>
    /// <param name="skipMissing">Whether images that are not there are left out.</param>
    /// <exception cref="SwanDataException">The files don't fit each other, or images are missing; all problems are reported.</exception>
    public static CaptionedImageSet Read(string captionFile, string nameFile, string imageFolder, bool skipMissing = false)
    {
        var faults = new DataFaults(skipMissing);
        string[] captions = faults.Lines(captionFile), names = faults.Lines(nameFile);
        if (captions.Length != names.Length)
        {
            (string longer, string shorter) = captions.Length > names.Length ? (captionFile, nameFile) : (nameFile, captionFile);
            faults.Add(longer, Math.Min(captions.Length, names.Length) + 1,
                $"from here on '{shorter}' has no matching line: there are {captions.Length} captions and {names.Length} image "
                + "names, and each caption needs its image's name.");
        }

        var images = new List<CaptionedImage>();
        for (int start = 0; start < Math.Min(names.Length, captions.Length);)
        {
            int end = start + 1;
            while (end < names.Length && names[end].Trim() == names[start].Trim()) end++;
            int last = Math.Min(end, captions.Length);
            if (last > start
                && faults.Image(nameFile, start + 1, names[start].Trim(), null, captions[start..last], imageFolder) is { } image)
                images.Add(image);
            start = end;
        }

        return faults.Finish(captionFile, images, Path.GetFileName(captionFile));
    }
}
