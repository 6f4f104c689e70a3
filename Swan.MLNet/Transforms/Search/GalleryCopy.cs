using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Transforms;

/// <summary>The rows of a gallery that a search may find, as an index in memory.</summary>
internal static class GalleryCopy
{
    /// <param name="gallery">An index in memory is itself where there is no filter.</param>
    /// <param name="filter">Null: all rows.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="SwanFilterException">The filter doesn't match the gallery's columns.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static SwanIndex Of(SwanGallery gallery, SwanFilter? filter, CancellationToken cancellation)
    {
        if (gallery is SwanIndex whole && filter is null) return whole;
        GalleryView view = gallery.Enter();
        try
        {
            RowMask? mask = view.Asked(filter, cancellation);
            RowBlocks rows = view.Search.Scanned.Rows;
            using IDisposable? pass = rows.ReadInOrder();
            var copy = new EmbeddingBlocks(view.EmbeddingSize);
            var keys = new List<string>();
            for (int block = 0; block < rows.Blocks && mask?.Count != 0; block++)
            {
                cancellation.ThrowIfCancellationRequested();
                int first = rows.FirstRow(block), count = (block + 1 < rows.Blocks ? rows.FirstRow(block + 1) : rows.Count) - first;
                ReadOnlySpan<float> values = rows.Rows(block);
                ReadOnlySpan<ulong> bits = mask is null ? default : mask.Block(block);
                for (int row = 0; row < count; row++)
                {
                    if (mask is not null && (bits[row / 64] >> (row % 64) & 1) == 0) continue;
                    values.Slice(row * rows.RowStride, rows.EmbeddingSize).CopyTo(copy.Next());
                    copy.Keep();
                    keys.Add(view.KeyOf(first + row));
                }
            }
            return new SwanIndex(copy, keys, leftOut: 0, view.Model, view.GivenRange);
        }
        finally
        {
            gallery.Leave(view);
        }
    }
}
