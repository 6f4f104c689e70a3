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
    // Rows that a chunk meets before its pairs are counted: where all are copies, a thread holds a few megabytes of pairs more than may be.
    private const int Together = 4096;

    // Of each unit, by first row, then by second.
    private readonly List<(int First, int Second, float Score)>?[] _pairs =
        new List<(int, int, float)>?[((long)gallery.Count + QueryChunks.Most - 1) / QueryChunks.Most];

    private long _count;
    private int _done;

    protected override bool GivesWay => true;

    private static int Chunk => QueryChunks.Most;

    /// <summary>Compares all rows.</summary>
    /// <returns>By first row, then by second; the second is the higher.</returns>
    /// <exception cref="InvalidOperationException">There are more pairs than may be.</exception>
    public List<(int First, int Second, float Score)> Run(int threads, CancellationToken cancellation)
    {
        Run(_pairs.Length, waits: true, isUnwanted: null, cancellation, threads);
        var all = new List<(int First, int Second, float Score)>((int)_count);
        for (int unit = 0; unit < _pairs.Length; unit++)
        {
            cancellation.ThrowIfCancellationRequested();
            all.AddRange(_pairs[unit] ?? []);
            _pairs[unit] = null;
        }
        return all;
    }

    protected override void Begin(ScanRoom room) => room.Begin(Chunk);

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        int first = unit * Chunk, end = (int)Math.Min(gallery.Count, (long)first + Chunk);
        int[] rows = [.. Enumerable.Range(first, end - first).Where(MayBe)];
        if (rows.Length > 0) _pairs[unit] = Meet(rows, room, cancellation);
        int done = Interlocked.Add(ref _done, end - first);
        progress?.Report(done);
    }

    protected override void End(ScanRoom room)
    {
    }

    private List<(int First, int Second, float Score)> Meet(int[] rows, ScanRoom room, CancellationToken cancellation)
    {
        int dimension = gallery.Dimension;
        var pairs = new List<(int First, int Second, float Score)>();
        float[] queries = new float[rows.Length * dimension];
        for (int q = 0; q < rows.Length; q++) gallery.Row(rows[q]).CopyTo(queries.AsSpan(q * dimension));
        room.Take(gallery, queries);
        var wanted = new Wanted(Together, minimum, mask);
        // Rows before have met these already. Bytes begin at multiples of 64.
        int block = gallery.BlockOf(rows[0]), at = (rows[0] - gallery.Rows.FirstRow(block)) / Int8Part.Group * Int8Part.Group;
        for (; block < gallery.Blocks; block++, at = 0)
        {
            for (; at < gallery.RowsOf(block); at += Together)
            {
                room.Ask(gallery, wanted, block, at..(at + Together), cancellation);
                int before = pairs.Count;
                for (int q = 0; q < rows.Length; q++) Keep(rows[q], room.Best[q].Sorted(), pairs);
                // Once there are too many, other threads end here, too.
                if (Interlocked.Add(ref _count, pairs.Count - before) > most) throw TooMany();
            }
        }
        pairs.Sort();
        return pairs;
    }

    private bool MayBe(int row)
    {
        if (mask is null) return true;
        int block = gallery.BlockOf(row), at = row - gallery.Rows.FirstRow(block);
        return (mask.Block(block)[at >> 6] >> at & 1) != 0;
    }

    private static void Keep(int row, ReadOnlySpan<(float Score, int Row)> found, List<(int First, int Second, float Score)> pairs)
    {
        foreach ((float score, int other) in found)
        {
            if (other > row) pairs.Add((row, other, score));
        }
    }

    private InvalidOperationException TooMany() => new(
        $"More than {most:N0} pairs of rows have a score of at least {minimum}. Raise MinimumScore, or MaxPairs if "
        + "you want them all. A gallery of similar images or copies has many pairs.");
}
