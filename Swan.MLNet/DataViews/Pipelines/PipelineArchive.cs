using System.Globalization;
using System.IO.Compression;

namespace Swan.MLNet.DataViews;

/// <summary>The zip around a saved pipeline, and the limit that keeps a hostile one from filling disk and memory.</summary>
/// <remarks>
/// ML.NET writes what an entry inflates to into a temporary file, whatever its length. .NET inflates no more of an entry than the directory
/// says, so the directory's lengths are the upper limit.
/// </remarks>
internal static class PipelineArchive
{
    /// <summary>Deflate reaches about 1000 on bytes that repeat; weights and galleries reach 1.1, texts 10.</summary>
    public const long MaxRatio = 100;

    /// <summary>A harmless size, however small the file is.</summary>
    public const long AlwaysAllowed = 64L << 20;

    // Beyond it, an entry's end would overflow 64 bits.
    private const long MostClaimed = 1L << 60;

    // ML.NET passes nothing of a caller's to a loader; loading happens in the caller's own thread.
    private static readonly AsyncLocal<bool> Checked = new();

    /// <summary>Checks a file, and then loads it.</summary>
    /// <param name="zip">The file.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="mostBytes">The most that all entries together may inflate to; null for the limits of this class.</param>
    /// <exception cref="SwanFormatException">Its entries claim to inflate to more.</exception>
    public static void Check(ZipArchive zip, long length, string name, long? mostBytes)
    {
        long limit = mostBytes ?? Math.Max(AlwaysAllowed, length > long.MaxValue / MaxRatio ? long.MaxValue : MaxRatio * length);
        decimal total = 0;
        foreach (ZipArchiveEntry entry in zip.Entries) total += entry.Length;
        if (total <= limit) return;
        throw new SwanFormatException(
            string.Create(CultureInfo.InvariantCulture,
                $"{name} would inflate from {length:N0} to {total:N0} bytes; the limit is {limit:N0}. ")
            + "It was not loaded, because it may be a decompression bomb. If you trust it, load it with "
            + "mlContext.Swan().LoadPipeline and a larger SwanLoadOptions.MaxInflatedBytes. A gallery with many copies of one image "
            + "also compresses this far. Remove the copies.");
    }

    /// <summary>Loads a file that was checked.</summary>
    public static T Load<T>(Func<T> load)
    {
        bool before = Checked.Value;
        Checked.Value = true;
        try
        {
            return load();
        }
        finally
        {
            Checked.Value = before;
        }
    }

    /// <summary>Checks a file that <c>mlContext.Model.Load</c> is reading, at the first step that is ours.</summary>
    /// <remarks>
    /// Its length is not known here, only the lengths that its entries claim. A claim counts as far as it lies within the file and as
    /// deflate, which stores incompressible data, can need it.
    /// </remarks>
    /// <exception cref="SwanFormatException">
    /// Its entries claim to inflate to more than a saved pipeline does, or lie outside of it.
    /// </exception>
    public static void CheckUnlessDone(ZipArchive zip)
    {
        if (Checked.Value) return;
        const string Name = "The saved pipeline";
        decimal total = 0;
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            ThrowIfOutside(entry, Name);
            total += Math.Min(entry.CompressedLength, entry.Length + entry.Length / 1000m + 64);
        }
        Check(zip, (long)Math.Min(total, long.MaxValue), Name, mostBytes: null);
    }

    // Opening reads a few bytes; .NET compares the claim with the file's length.
    private static void ThrowIfOutside(ZipArchiveEntry entry, string name)
    {
        try
        {
            if (Math.Max(entry.CompressedLength, entry.Length) > MostClaimed)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it claims {entry.Length:N0} bytes."));
            entry.Open().Dispose();
        }
        catch (InvalidDataException e)
        {
            throw new SwanFormatException(
                $"{name} has a damaged entry '{entry.FullName}': {e.Message} It was not loaded. Copy or save it again.", e);
        }
    }
}
