using System.Text.Json;

namespace Swan.MLNet.Datasets;

/// <summary>The file names of data sets in a folder, in three layouts, and how to read a file of each.</summary>
/// <remarks>Names are found whatever their case: data sets are made on one system and read on another.</remarks>
internal static class CaptionFiles
{
    private const string Train = "train", Lines = ".jsonl", Captions = "_caps.txt", Names = "_filename.txt";
    private const string Karpathy = "dataset", KarpathyEnd = ".json", ListOfImages = "images", Line = "image";

    /// <summary>What is looked for in a folder, for messages.</summary>
    public const string Sought = "train.jsonl; dataset.json, dataset_rsicd.json, dataset_RSITMD.json or another dataset_*.json; "
        + "train_caps.txt with train_filename.txt (in upper or lower case)";

    // In order: the first layout with a training set counts.
    private static readonly Func<string, string, ReadSplit?>[] s_layouts = [LinesOf, NamedJsonOf, TextOf];

    /// <summary>Reads images of a folder, and leaves out those that are not there if so asked.</summary>
    public delegate CaptionedImageSet ReadSplit(string imageFolder, bool skipMissing);

    /// <summary>Finds a split in a folder.</summary>
    /// <returns>How it is read; null where the folder does not have it.</returns>
    /// <exception cref="SwanDataException">Several files could be meant, or a file can't be read.</exception>
    public static ReadSplit? Find(string directory, string split) =>
        s_layouts.FirstOrDefault(layout => layout(directory, Train) is not null) is { } layout
            ? layout(directory, split)
            : s_layouts.Select(other => other(directory, split)).FirstOrDefault(read => read is not null)
            // Names that others use as well come last.
            ?? JsonOf(OtherJson(directory), split);

    /// <summary>Reads one file, in the layout that its name and its beginning tell.</summary>
    /// <param name="file">A <c>.json</c> with a list of images, a <c>*_caps.txt</c>, or JSON lines.</param>
    /// <param name="imageFolder">Where the images are.</param>
    /// <param name="split">Which images of a <c>.json</c>.</param>
    /// <param name="skipMissing">Whether images that are not there are left out.</param>
    public static CaptionedImageSet Read(string file, string imageFolder, string split, bool skipMissing) =>
        file.EndsWith(KarpathyEnd, StringComparison.OrdinalIgnoreCase) && FirstKnown(file) is null or ListOfImages
            ? RsicdJsonReader.Read(file, imageFolder, split, skipMissing)
        : file.EndsWith(Captions, StringComparison.OrdinalIgnoreCase)
            ? PrecomputedReader.Read(file, NamesOf(file), imageFolder, skipMissing)
        : JsonLinesReader.Read(file, imageFolder, skipMissing);

    private static ReadSplit? LinesOf(string directory, string split) => One(directory, split + Lines) is { } lines
        ? (images, skip) => JsonLinesReader.Read(lines, images, skip)
        : null;

    // RSICD's and RSITMD's own names.
    private static ReadSplit? NamedJsonOf(string directory, string split) => JsonOf(
        One(directory, "dataset_rsicd.json") ?? One(directory, "dataset_rsitmd.json") ?? One(directory, "dataset.json"), split);

    private static ReadSplit? JsonOf(string? json, string split) =>
        json is not null && (split == Train || RsicdJsonReader.HasSplit(json, split))
        ? (images, skip) => RsicdJsonReader.Read(json, images, split, skip)
        : null;

    private static ReadSplit? TextOf(string directory, string split) => One(directory, split + Captions) is { } captions
        ? (images, skip) => PrecomputedReader.Read(captions, NamesOf(captions), images, skip)
        : null;

    private static string NamesOf(string captions)
    {
        string name = Path.GetFileName(captions)[..^Captions.Length] + Names;
        string folder = Path.GetDirectoryName(Path.GetFullPath(captions))!;
        return (Directory.Exists(folder) ? One(folder, name) : null) ?? Path.Combine(Path.GetDirectoryName(captions)!, name);
    }

    // Other data sets have the layout, too; other files have such a name.
    private static string? OtherJson(string directory) => Only(directory, [.. Entries(directory).Where(name =>
        name.StartsWith(Karpathy + "_", StringComparison.OrdinalIgnoreCase)
        && name.EndsWith(KarpathyEnd, StringComparison.OrdinalIgnoreCase)
        && FirstKnown(Path.Combine(directory, name)) == ListOfImages)]);

    // The file of that very name, or the only one whose name differs in case.
    private static string? One(string directory, string name) => File.Exists(Path.Combine(directory, name))
        ? Path.Combine(directory, name)
        : Only(directory, [.. Entries(directory).Where(other => other.Equals(name, StringComparison.OrdinalIgnoreCase))]);

    private static string? Only(string directory, string[] names) => names.Length <= 1
        ? names.Select(name => Path.Combine(directory, name)).FirstOrDefault()
        : throw new SwanDataException([new DataFault(directory, 0,
            $"several of its files could be the data set: {string.Join(", ", names.Order(StringComparer.Ordinal))}. Keep only one of "
            + "them.")]);

    private static string[] Entries(string directory) =>
        DataFaults.Open(directory, () => Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).ToArray());

    // The first property that a layout knows; null if there is none. JSON lines are often called .json, too: their first object is an
    // image, not the whole data set.
    private static string? FirstKnown(string file)
    {
        byte[] beginning = new byte[1 << 16];
        int read = DataFaults.Open(file, () =>
        {
            using FileStream stream = File.OpenRead(file);
            return stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        });
        ReadOnlySpan<byte> text = beginning.AsSpan(0, read);
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        try
        {
            var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                if (reader.ValueTextEquals(ListOfImages)) return ListOfImages;
                if (reader.ValueTextEquals("image") || reader.ValueTextEquals("captions")) return Line;
            }
        }
        catch (JsonException)
        {
            // The reader reports what is wrong with it.
        }
        return null;
    }
}
