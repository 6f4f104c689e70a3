using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>What exact scores of an int8 scan's candidates take beside a scan of all float32 rows: processor time, medians.</summary>
/// <param name="K">Results of a query.</param>
/// <param name="Read">Candidates that were scored.</param>
/// <param name="Bytes">Milliseconds of the int8 scan.</param>
/// <param name="Ranking">Milliseconds of the candidates.</param>
/// <param name="Values">Milliseconds of a float32 scan for as many results.</param>
internal sealed record RankTime(int K, int Read, double Bytes, double Ranking, double Values)
{
    private static readonly double[] s_shares = [0.0001, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1];

    /// <summary>Measures random rows and queries; one turn before is not counted.</summary>
    public static RankTime[] Measure(int rows, int dimension, int turns)
    {
        float[] values = SearchQueries.Make(rows + turns + 1, dimension);
        var gallery = new EmbeddingBlocks(dimension, 4096 * dimension);
        for (int row = 0; row < rows; row++)
        {
            values.AsSpan(row * dimension, dimension).CopyTo(gallery.Next());
            gallery.Keep();
        }
        var scanned = new ScannedRows(gallery, new EncodedGallery(gallery));
        var times = new List<RankTime>();
        foreach (int k in s_shares.Select(share => (int)(share * rows)))
        {
            RankTime[] all =
            [
                .. Enumerable.Range(rows, turns + 1).Select(q => Once(scanned, values.AsMemory(q * dimension, dimension), k)).Skip(1),
            ];
            double Of(Func<RankTime, double> what) => Report.Median(all.Select(what));
            times.Add(new RankTime(k, (int)Of(t => t.Read), Of(t => t.Bytes), Of(t => t.Ranking), Of(t => t.Values)));
        }
        return [.. times];
    }

    private static RankTime Once(ScannedRows scanned, ReadOnlyMemory<float> query, int k)
    {
        BestRows[] best = [new BestRows()];
        var scan = new RowScan();
        double bytes = Run(scanned);
        int read = 0;
        double ranking = Timed(() =>
        {
            read = best[0].Candidates.Rank(scanned, query.Span, best[0], CancellationToken.None);
            best[0].Sorted();
        });
        double values = Run(scanned.Values);
        return new RankTime(k, read, bytes, ranking, values);

        static double Timed(Action run)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            run();
            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }

        double Run(ScannedRows gallery)
        {
            best[0].Reset(k);
            return Timed(() =>
            {
                scan.Run(gallery, query, best, waits: false, CancellationToken.None, isUnwanted: null, threads: 1);
                if (gallery.Codes is null) best[0].Sorted();
            });
        }
    }
}
