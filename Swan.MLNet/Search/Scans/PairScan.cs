using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>All pairs of rows with at least a score; the units are chunks of rows, which meet all rows behind them on one thread.</summary>
/// <param name="gallery">Is only read.</param>
/// <param name="mask">The rows that count; null: all.</param>
/// <param name="minimum">The lowest score.</param>
/// <param name="most">More pairs are refused.</param>
/// <param name="progress">Gets the rows that are done.</param>
internal sealed class PairScan(ScannedRows gallery, RowMask? mask, float minimum, int most, IProgress<int>? progress) : SharedScan
{
    private readonly List<(int First, int Second, float Score)> _pairs = [];
    private readonly Lock _lock = new();
    private int _done;

    protected override bool GivesWay => true;

    private static int Chunk => QueryChunks.Most;

    private int Chunks => (int)(((long)gallery.Count + Chunk - 1) / Chunk);

    /// <summary>Compares all rows.</summary>
    /// <returns>By first row, then by second; the second is the higher.</returns>
    /// <exception cref="InvalidOperationException">There are more pairs than may be.</exception>
    public List<(int First, int Second, float Score)> Run(int threads, CancellationToken cancellation)
    {
        Run(Chunks, waits: true, isUnwanted: null, cancellation, threads);
        _pairs.Sort();
        return _pairs;
    }

    protected override void Begin(ScanRoom room) => room.Begin(Chunk);

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int dimension = gallery.Dimension, first = unit * Chunk, end = (int)Math.Min(gallery.Count, (long)first + Chunk);
        int[] rows = [.. Enumerable.Range(first, end - first).Where(MayBe)];
        if (rows.Length > 0)
        {
            float[] queries = new float[rows.Length * dimension];
            for (int q = 0; q < rows.Length; q++) gallery.Row(rows[q]).CopyTo(queries.AsSpan(q * dimension));
            // Blocks before have met these rows already.
            room.Ask(gallery, queries, new Wanted(gallery.Count, minimum, mask), gallery.BlockOf(first), cancellation);
            for (int q = 0; q < rows.Length; q++) Keep(rows[q], room.Best[q].Sorted());
        }
        int done = Interlocked.Add(ref _done, end - first);
        progress?.Report(done);
    }

    protected override void End(ScanRoom room)
    {
    }

    private bool MayBe(int row)
    {
        if (mask is null) return true;
        int block = gallery.BlockOf(row), at = row - gallery.Rows.FirstRow(block);
        return (mask.Block(block)[at >> 6] >> at & 1) != 0;
    }

    private void Keep(int row, ReadOnlySpan<(float Score, int Row)> found)
    {
        lock (_lock)
        {
            foreach ((float score, int other) in found)
            {
                if (other <= row) continue;
                if (_pairs.Count == most)
                {
                    throw new InvalidOperationException(
                        $"More than {most:N0} pairs of rows have a score of at least {minimum}. Raise MinimumScore, or MaxPairs if "
                        + "you want them all; a gallery of images that look alike, or of which most are copies, has many.");
                }
                _pairs.Add((row, other, score));
            }
        }
    }
}
