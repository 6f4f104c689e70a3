using System.Runtime.InteropServices;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>An index as bytes, little-endian, readable in one pass.</summary>
/// <remarks>
/// <code>
/// 8 bytes   "SWANINDX"
/// int32     format version, 3; 2 where nothing is known of bands and no data
/// int32     D
/// int32     rows N
/// int64     rows that were left out
/// text      model name, text fingerprint; both empty when unknown
/// text      the images' range: 'model', or the caller's; empty when unknown; not in version 1, which follows the model
/// text      the images' bands and no data, such as 'bands 4,3,2; no data file', which is as each file says; not before version 3
/// N × text  keys
/// N × D × float32, row by row
/// 32 bytes  SHA-256 of all before
/// </code>
/// A text is an int32 with its length in bytes, then UTF-8.
/// </remarks>
internal static class SwanIndexFormat
{
    private const int Version = 3, WithoutSamples = 2;
    private const int MaxEmbeddingSize = 65_536;
    private const int MaxNameLength = 4_096;

    private static ReadOnlySpan<byte> Magic => "SWANINDX"u8;

    public static void Write(SwanIndex index, IReadOnlyList<string> keys, Stream stream)
    {
        using var writer = new ChecksumWriter(stream);
        writer.Bytes(Magic);
        writer.Int32(index.GivenRange?.Samples is null ? WithoutSamples : Version);
        writer.Int32(index.EmbeddingSize);
        writer.Int32(index.Count);
        writer.Int64(index.SkippedRows);
        writer.Text(index.Model?.Name ?? "");
        writer.Text(index.Model?.Fingerprint ?? "");
        writer.Text(index.GivenRange?.Text ?? "");
        if (index.GivenRange?.Samples is { } samples) writer.Text(samples.Text);
        foreach (string key in keys) writer.Text(key);
        for (int block = 0; block < index.Gallery.Blocks; block++) writer.Bytes(MemoryMarshal.AsBytes(index.Gallery.Block(block)));
        writer.Finish();
    }

    /// <exception cref="SwanFormatException">It is not an index, is damaged, or needs another version.</exception>
    public static SwanIndex Read(Stream stream, string name)
    {
        using var reader = new ChecksumReader(stream, name);
        Span<byte> magic = stackalloc byte[Magic.Length];
        reader.Bytes(magic);
        if (!magic.SequenceEqual(Magic))
        {
            throw new SwanFormatException(
                $"'{name}' is not a Swan index: it doesn't begin with '{System.Text.Encoding.ASCII.GetString(Magic)}'. "
                + "Give a file that SwanIndex.Save wrote.");
        }
        int version = reader.Int32();
        if (version is not (>= 1 and <= Version))
        {
            throw new SwanFormatException(
                $"'{name}' has index format version {version}, but this version of Swan.MLNet reads versions 1 to {Version}. "
                + $"{(version > Version ? "Update Swan.MLNet, or build" : "Build")} the index again.");
        }
        int embeddingSize = reader.Int32(), count = reader.Int32();
        long leftOut = reader.Int64();
        if (embeddingSize is < 1 or > MaxEmbeddingSize || count < 0 || leftOut < 0)
            throw reader.Damaged($"it claims {count:N0} rows of {embeddingSize:N0} values, and {leftOut:N0} left out");
        // Before anything is allocated. A stream that can't tell its length is read in steps, so it ends before memory does.
        reader.RequireLeft((long)count * (sizeof(int) + 1 + (long)embeddingSize * sizeof(float)));
        string modelName = reader.Text(MaxNameLength), fingerprint = reader.Text(MaxNameLength);
        ModelIdentity? model = fingerprint.Length == 0 ? null : new ModelIdentity(modelName, fingerprint);
        GivenRange? range = ReadRange(reader, version);
        var keys = new List<string>(Math.Min(count, 1 << 16));
        for (int row = 0; row < count; row++)
        {
            string key = reader.Text(SwanIndexBuilder.MaxKeyLength);
            keys.Add(key.Length > 0 ? key : throw reader.Damaged($"row {row} has no key"));
        }
        EmbeddingBlocks gallery = ReadRows(reader, embeddingSize, count);
        reader.Finish();
        return new SwanIndex(gallery, keys, leftOut, model, range);
    }

    private static GivenRange? ReadRange(ChecksumReader reader, int version)
    {
        if (version == 1) return new GivenRange((SampleRange?)null);
        string text = reader.Text(MaxNameLength), samples = version == WithoutSamples ? "" : reader.Text(MaxNameLength);
        if (text.Length == 0 && samples.Length == 0) return null;
        if (!GivenRange.TryParse(text, out GivenRange? range)) throw reader.Damaged($"its range is '{text}'");
        if (samples.Length == 0) return range;
        return range! with { Samples = GivenSamples.Parse(samples) ?? throw reader.Damaged($"its samples are '{samples}'") };
    }

    private static EmbeddingBlocks ReadRows(ChecksumReader reader, int embeddingSize, int count)
    {
        var gallery = new EmbeddingBlocks(embeddingSize);
        for (int row = 0; row < count; row++)
        {
            Span<float> values = gallery.Next();
            reader.Bytes(MemoryMarshal.AsBytes(values));
            // A checksum tells damage, not nonsense: searching relies on unit length.
            if (!UnitVector.IsUnit(values)) throw reader.Damaged($"row {row} is not of unit length");
            gallery.Keep();
        }
        return gallery;
    }
}
