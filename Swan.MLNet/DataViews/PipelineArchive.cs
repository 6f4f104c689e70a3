using System.IO.Compression;

namespace Swan.MLNet.DataViews;

/// <summary>The zip around a saved pipeline, and the limit that keeps a hostile one from filling disk and memory.</summary>
/// <remarks>
/// ML.NET writes what an entry inflates to into a temporary file, whatever its length. .NET inflates no more of an entry than the
/// directory says, so that what the directory says is what can happen.
/// </remarks>
internal static class PipelineArchive
{
    /// <summary>Deflate reaches about 1000 on bytes that repeat; weights and galleries reach 1.1, texts 10.</summary>
    public const long MaxRatio = 100;

    /// <summary>Harms nobody, however small the file is.</summary>
    public const long AlwaysAllowed = 64L << 20;

    // ML.NET passes nothing of a caller's to a loader; loading happens in the caller's own thread.
    private static readonly AsyncLocal<bool> Checked = new();

    /// <summary>Checks a file, and then loads it.</summary>
    /// <param name="zip">The file.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="mostBytes">The most that all entries together may inflate to; null for the limits of this class.</param>
    /// <exception cref="SwanFormatException">Its entries claim to inflate to more.</exception>
    public static void Check(ZipArchive zip, long length, string name, long? mostBytes)
    {
        long limit = mostBytes ?? Math.Max(AlwaysAllowed, length > long.MaxValue / MaxRatio ? long.MaxValue : MaxRatio * length);
        decimal total = 0;
        foreach (ZipArchiveEntry entry in zip.Entries) total += entry.Length;
        if (total <= limit) return;
        throw new SwanFormatException(
            string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{name} claims to inflate from {length:N0} to {total:N0} bytes; the limit is {limit:N0}. ")
            + "It was not loaded, because that is how a decompression bomb looks. If you trust it, load it with "
            + "mlContext.Swan().LoadPipeline and a larger SwanLoadOptions.MaxInflatedBytes. A gallery that holds one image many times "
            + "deflates so far, too: leave the copies out.");
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
    /// <remarks>Its length is not known here, only what its entries claim to take of it.</remarks>
    /// <exception cref="SwanFormatException">Its entries claim to inflate to more than a saved pipeline does.</exception>
    public static void CheckUnlessDone(ZipArchive zip)
    {
        if (!Checked.Value) Check(zip, zip.Entries.Sum(entry => entry.CompressedLength), "The saved pipeline", mostBytes: null);
    }
}
