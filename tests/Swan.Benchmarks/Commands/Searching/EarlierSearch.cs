using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Swan.MLNet.Numerics;

namespace Swan.Benchmarks.Commands;

/// <summary>The search of version 0.1, as a contender: one vector of sums, and a loop of <see cref="Parallel"/> over blocks.</summary>
internal static class EarlierSearch
{
    private const int Tile = 128;

    /// <summary>The scores' best K rows; every call allocates.</summary>
    public static (float Score, int Row)[] Search(EmbeddingBlocks gallery, float[] query, int k)
    {
        var merged = new PriorityQueue<int, (float, int)>();
        Parallel.For(
            0, gallery.Blocks,
            () => new PriorityQueue<int, (float, int)>(),
            (block, _, best) =>
            {
                Span<float> scores = stackalloc float[Tile];
                Span<float> rows = gallery.Block(block);
                for (int start = 0; start < rows.Length / query.Length; start += Tile)
                {
                    int count = Math.Min(Tile, rows.Length / query.Length - start);
                    Fill(rows.Slice(start * query.Length, count * query.Length), query, scores);
                    Offer(scores[..count], block * gallery.RowsPerBlock + start, best, k);
                }
                return best;
            },
            best =>
            {
                lock (merged)
                {
                    while (best.TryDequeue(out int row, out (float Score, int) order)) Offer(order.Score, row, merged, k);
                }
            });
        var found = new (float, int)[merged.Count];
        for (int i = found.Length; merged.TryDequeue(out int row, out (float Score, int) order);) found[--i] = (order.Score, row);
        return found;
    }

    /// <summary>The dot product of a query with each row.</summary>
    public static void Fill(ReadOnlySpan<float> rows, float[] query, Span<float> scores)
    {
        ref float q = ref MemoryMarshal.GetArrayDataReference(query);
        int whole = query.Length - query.Length % Vector<float>.Count;
        for (int r = 0; r < rows.Length / query.Length; r++)
        {
            ReadOnlySpan<float> row = rows.Slice(r * query.Length, query.Length);
            Vector<float> sums = default;
            for (int d = 0; d < whole; d += Vector<float>.Count)
            {
                sums = Vector.FusedMultiplyAdd(
                    Vector.LoadUnsafe(ref MemoryMarshal.GetReference(row), (nuint)d), Vector.LoadUnsafe(ref q, (nuint)d), sums);
            }
            float sum = Vector.Sum(sums);
            for (int d = whole; d < row.Length; d++) sum = MathF.FusedMultiplyAdd(row[d], query[d], sum);
            scores[r] = sum;
        }
    }

    private static void Offer(ReadOnlySpan<float> scores, int first, PriorityQueue<int, (float, int)> best, int k)
    {
        // Most tiles have nothing that is better than the worst of the best.
        if (best.Count == k && best.TryPeek(out _, out (float Score, int) worst) && TensorPrimitives.Max(scores) < worst.Score) return;
        for (int r = 0; r < scores.Length; r++) Offer(scores[r], first + r, best, k);
    }

    private static void Offer(float score, int row, PriorityQueue<int, (float, int)> best, int k)
    {
        if (best.Count < k) best.Enqueue(row, (score, -row));
        else best.EnqueueDequeue(row, (score, -row));
    }
}
