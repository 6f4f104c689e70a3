using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Mean and standard deviation of each query's scores over the rows that may be found.</summary>
/// <remarks>
/// Sums are of integers, 2^-30 apart, so they don't depend on the order in which threads add: the same rows give the same bits. A
/// score is rounded by less than 10^-9, which is far below its own rounding; a variance may be off by a little more than that.
/// Values are read even if there are bytes: bounds by bytes are some thousandths apart, and change when rows are encoded in other parts.
/// </remarks>
internal sealed class MomentScan(ScannedRows gallery, float[] queries, RowMask? mask) : SharedScan
{
    private const double Unit = 1 << 30;
    private readonly long[] _sums = new long[queries.Length / gallery.Dimension];
    private readonly long[] _squares = new long[queries.Length / gallery.Dimension];
    private long _rows;

    /// <summary>Reads all rows once.</summary>
    /// <returns>One for each query; 0 and 0 where there is no row. The mask, if any, has some.</returns>
    public (double Mean, double Deviation)[] Run(int threads, CancellationToken cancellation)
    {
        Run(gallery.Blocks, waits: false, isUnwanted: null, cancellation, threads);
        return [.. _sums.Select((sum, q) =>
        {
            double mean = _rows == 0 ? 0 : sum / Unit / _rows;
            double variance = _rows == 0 ? 0 : _squares[q] / Unit / _rows - mean * mean;
            // Of equal scores rounding leaves less: half a unit of each score, twice in the mean's square, and half of one of each square.
            return (mean, variance < 2e-9 ? 0 : Math.Sqrt(variance));
        })];
    }

    protected override void Begin(ScanRoom room)
    {
    }

    protected override void Do(int unit, ScanRoom room, CancellationToken cancellation)
    {
        int dimension = gallery.Dimension, count = gallery.RowsOf(unit), stride = gallery.Rows.RowStride;
        int tile = ScanRoom.Tile(dimension);
        ReadOnlySpan<float> rows = gallery.Rows.Rows(unit);
        ReadOnlySpan<ulong> words = mask is null ? default : mask.Block(unit);
        float[] scores = new float[_sums.Length * tile];
        long found = 0;
        for (int first = 0; first < count; first += tile)
        {
            cancellation.ThrowIfCancellationRequested();
            int some = Math.Min(tile, count - first);
            int may = mask is null ? some : MaskBits.Count(words, first, some);
            if (may == 0) continue;
            DotProducts.Fill(rows.Slice(first * stride, (some - 1) * stride + dimension), stride, queries, dimension, scores, tile);
            found += may;
            for (int q = 0; q < _sums.Length; q++) Add(q, scores.AsSpan(q * tile, some), words, first);
        }
        Interlocked.Add(ref _rows, found);
    }

    protected override void End(ScanRoom room)
    {
    }

    private void Add(int query, ReadOnlySpan<float> scores, ReadOnlySpan<ulong> words, int first)
    {
        long sum = 0, squares = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (mask is not null && (words[(first + i) >> 6] >> (first + i) & 1) == 0) continue;
            double score = scores[i];
            sum += (long)Math.Round(score * Unit);
            squares += (long)Math.Round(score * score * Unit);
        }
        Interlocked.Add(ref _sums[query], sum);
        Interlocked.Add(ref _squares[query], squares);
    }
}
