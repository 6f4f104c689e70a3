using System.IO.Compression;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

/// <summary>The zip archive of a model: its entries, and the limits that keep a hostile file from exhausting memory.</summary>
internal static class ModelArchive
{
    public const string CardEntry = "card.json";
    public const string ImageEntry = "image.onnx";
    public const string TextEntry = "text.onnx";
    public const string VocabularyEntry = "vocabulary.json";

    /// <summary>Optional: the images that the weights have learned from.</summary>
    public const string LearnedEntry = "learned.bin";

    /// <summary>Optional: what turns scores into answers.</summary>
    public const string CalibrationEntry = "calibration.json";

    /// <summary>The entries that make embeddings.</summary>
    public static readonly string[] Encoders = [ImageEntry, TextEntry, VocabularyEntry];

    /// <summary>All entries that the card has hashes of, in the order in which they are written.</summary>
    public static readonly string[] AllButCard = [.. Encoders, LearnedEntry, CalibrationEntry];

    /// <summary>Deflate reaches about 1000 on constant bytes; weights reach 1.1 and vocabularies 5.</summary>
    private const long MaxRatio = 100;

    /// <summary>Text that repeats itself shrinks further, and a mebibyte harms nobody.</summary>
    private const long AlwaysAllowed = 1 << 20;

    private static readonly string[] Required = [CardEntry, .. Encoders];

    private static readonly Dictionary<string, long> MaxSize = new(StringComparer.Ordinal)
    {
        [CardEntry] = 1 << 20,
        [VocabularyEntry] = 64 << 20,
        [LearnedEntry] = ImageIdentitySet.MaxBytes,
        [CalibrationEntry] = 1 << 20,
        // ONNX itself can't hold more than 2 GiB in one protobuf; half of that is far beyond any SWAN.
        [ImageEntry] = 1 << 30,
        [TextEntry] = 1 << 30,
    };

    /// <summary>The names of the entries, after checking names, count, sizes and ratios against the directory. Inflates nothing.</summary>
    /// <exception cref="SwanFormatException">It isn't a model file.</exception>
    public static string[] List(Stream stream, string name) =>
        Open(stream, name, static zip => zip.Entries.Select(e => e.FullName).ToArray());

    /// <summary>Reads one entry into memory after the same checks, and its length while inflating.</summary>
    /// <exception cref="SwanFormatException">It isn't a model file that has the entry.</exception>
    public static byte[] Read(Stream stream, string entry, string name) => Open(
        stream, name, zip => zip.GetEntry(entry) is { } found ? Inflate(found, name) : throw new SwanFormatException(
            $"'{name}' no longer contains {entry}: the file changed after it was opened. Open the model again."));

    private static T Open<T>(Stream stream, string name, Func<ZipArchive, T> use)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            // Names come before anything is inflated: a foreign zip is named as one, whatever is in it.
            CheckNames(zip, name);
            foreach (ZipArchiveEntry entry in zip.Entries) CheckDirectory(entry, stream.Length, name);
            return use(zip);
        }
        catch (InvalidDataException e)
        {
            throw new SwanFormatException(
                $"'{name}' is not a Swan model file: it can't be read as a zip archive ({e.Message}) It may be truncated or damaged: "
                + "copy or export it again.",
                e);
        }
    }

    /// <summary>Writes the entries.</summary>
    /// <remarks>
    /// ONNX is stored, not deflated: float32 weights don't shrink, and opening is faster. Compressed weights do shrink, by a tenth.
    /// </remarks>
    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, byte[]>> entries, bool compactWeights)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string entryName, byte[] bytes) in entries)
        {
            bool stored = entryName is ImageEntry or TextEntry && !compactWeights;
            ZipArchiveEntry entry = zip.CreateEntry(entryName, stored ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            // A fixed time: the same model gives the same bytes.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream destination = entry.Open();
            destination.Write(bytes);
        }
    }

    /// <summary>Whether an entry changes no embedding; format version 1 has none such.</summary>
    public static bool IsExtra(string entryName) => entryName is LearnedEntry or CalibrationEntry;

    /// <summary>The most bytes that an entry may have.</summary>
    public static long LongestOf(string entryName) => MaxSize[entryName];

    /// <summary>Refuses sizes that reading would refuse.</summary>
    public static void CheckSize(string entryName, long size, string name)
    {
        if (size > MaxSize[entryName])
            throw new SwanFormatException($"'{entryName}' of '{name}' has {size:N0} bytes; the limit is {MaxSize[entryName]:N0}.");
        if (size == 0)
            throw new SwanFormatException($"'{entryName}' of '{name}' is empty. Export the model again.");
    }

    private static void CheckNames(ZipArchive zip, string name)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (!MaxSize.ContainsKey(entry.FullName))
            {
                throw new SwanFormatException(
                    $"'{name}' has the entry '{entry.FullName}', which a model file doesn't have. "
                    + "It is not a Swan model, or it was changed after it was exported.");
            }
            if (!found.Add(entry.FullName))
            {
                throw new SwanFormatException(
                    $"'{name}' has the entry '{entry.FullName}' twice. It was changed after it was exported: export the model again.");
            }
        }
        string[] missing = [.. Required.Where(r => !found.Contains(r))];
        if (missing.Length > 0)
        {
            throw new SwanFormatException(
                $"'{name}' has no {string.Join(", ", missing)}, which every model file has. "
                + "It is not a Swan model, or it was changed after it was exported.");
        }
    }

    // The directory may lie about both lengths, but not about the file's: what is allocated is at most a hundred times that.
    private static void CheckDirectory(ZipArchiveEntry entry, long fileLength, string name)
    {
        CheckSize(entry.FullName, entry.Length, name);
        long compressed = Math.Min(entry.CompressedLength, fileLength);
        if (entry.Length > AlwaysAllowed && entry.Length > MaxRatio * Math.Max(1, compressed))
        {
            throw new SwanFormatException(
                $"'{entry.FullName}' of '{name}' would inflate from {compressed:N0} to {entry.Length:N0} bytes, over {MaxRatio} times its "
                + "size. It was not read, because it may be a decompression bomb. Export the model again.");
        }
    }

    private static byte[] Inflate(ZipArchiveEntry entry, string name)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
        using Stream source = entry.Open();
        int read = source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length || source.ReadByte() >= 0)
        {
            throw new SwanFormatException(
                $"'{entry.FullName}' of '{name}' has {(read < bytes.Length ? "fewer" : "more")} bytes than its directory says "
                + $"({bytes.Length:N0}). The file is damaged: copy or export it again.");
        }
        return bytes;
    }
}
