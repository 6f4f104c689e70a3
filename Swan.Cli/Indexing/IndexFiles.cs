using System.Globalization;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>What an index takes on disk.</summary>
/// <param name="Segments">Files with rows.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Stored">Rows in them, those included that are deleted or replaced.</param>
/// <param name="Scan">What searches read: <c>float32</c> or <c>int8</c>.</param>
internal readonly record struct IndexFiles(int Segments, long Bytes, long Stored, string Scan)
{
    /// <summary>Their size and number, for people.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1e6:F1} MB in {Counted.Of(Segments, "file")}");

    public static IndexFiles Of(SwanIndexSnapshot index)
    {
        var state = (IndexState)index.Enter();
        try
        {
            ManifestRows rows = state.Manifest.Rows;
            return new IndexFiles(
                rows.Segments.Count, rows.Segments.Sum(segment => segment.Bytes), rows.Segments.Sum(segment => (long)segment.Rows),
                rows.Scan);
        }
        finally
        {
            index.Leave(state);
        }
    }
}
