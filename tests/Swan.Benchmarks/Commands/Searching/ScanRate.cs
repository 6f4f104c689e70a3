using System.Diagnostics;
using Swan.Benchmarks.Limits;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>How long one way of searching a gallery takes.</summary>
/// <param name="Name">What is searched.</param>
/// <param name="Rows">Rows of the gallery.</param>
/// <param name="Queries">Queries that are asked together.</param>
/// <param name="Found">The share of rows that the filter lets be found; 1: no filter.</param>
/// <param name="Milliseconds">For all queries, median of the turns, with the filter's evaluation.</param>
/// <param name="Processor">The processor time of this process, likewise.</param>
/// <param name="Gigabytes">What an unfiltered scan reads, by the time.</param>
/// <param name="Share">The median, over the turns, of that rate by the turn's best plain sum of the float32 rows.</param>
/// <param name="OfProcessors">The same of processor time, which others on the machine hardly change.</param>
/// <param name="ByUnfiltered">Processor time by that of the same search without a filter, in the same turn; median.</param>
internal sealed record ScanRate(
    string Name, int Rows, int Queries, double Found, double Milliseconds, double Processor, double Gigabytes, double Share,
    double OfProcessors, double ByUnfiltered)
{
    private const int PerBlock = 4096, K = 10, Scenes = 30;
    private static readonly double[] s_shares = [1, 0.001, 0.01, 0.1, 0.5];
    private static readonly SwanColumn s_column = new("number", SwanColumnType.Number);

    /// <summary>Measures all ways in turns over the same rows; one turn before is not counted.</summary>
    public static ScanRate[] Measure(int rows, int dimension, int turns)
    {
        EmbeddingBlocks gallery = Make(rows, dimension, 3);
        var codes = new EncodedGallery(gallery);
        double size = (double)rows * dimension * sizeof(float);
        float[] queries = Make(64, dimension, 5).ToArray();
        ColumnData numbers = Numbers(rows);
        var columns = new Dictionary<string, ColumnData> { [s_column.Name] = numbers };
        GallerySearch values = new(gallery), bytes = new(gallery, codes);
        var ways = new List<Way>();
        foreach ((string name, Func<ReadOnlySpan<float>, float> sum) in MemoryReads.All)
            ways.Add(new Way($"sum, {name}", 0, 1, size, () => Sum(gallery, sum)));
        foreach ((string name, GallerySearch search, double read) in new[] { ("float32", values, size), ("int8", bytes, codes.Bytes) })
        {
            foreach (int count in new[] { 1, 64 })
            {
                float[] asked = queries[..(count * dimension)];
                foreach (double share in count == 1 ? s_shares : [1])
                {
                    SwanFilter filter = SwanFilter.Column(s_column.Name) < share;
                    ways.Add(new Way(name, count, share, read, () =>
                    {
                        RowMask? mask = share == 1 ? null : new BitsMask(gallery, FilterPlan.Evaluate(filter, columns, rows));
                        search.Run(asked, new Wanted(K, float.NegativeInfinity, mask), 0, new Nowhere(), CancellationToken.None);
                    }));
                }
            }
        }
        foreach (Way way in ways) way.Run();
        for (int turn = 0; turn < turns; turn++)
        {
            foreach (Way way in ways) way.Measure();
        }
        return [.. ways.Select(way => Of(way, ways, rows))];
    }

    private static ScanRate Of(Way way, List<Way> all, int rows)
    {
        Way[] sums = [.. all.Where(other => other.Queries == 0)];
        Way plain = all.First(other => other.Name == way.Name && other.Queries == way.Queries && other.Found == 1);
        double Share(Func<Way, List<double>> times) => Report.Median(times(way).Select(
            (time, turn) => way.Bytes / time / sums.Max(sum => sum.Bytes / times(sum)[turn])));
        return new ScanRate(
            way.Name, rows, way.Queries, way.Found, 1000 * Report.Median(way.Seconds), 1000 * Report.Median(way.Own),
            way.Bytes / 1e9 / Report.Median(way.Seconds), Share(w => w.Seconds), Share(w => w.Own),
            Report.Median(way.Own.Select((own, turn) => own / plain.Own[turn])));
    }

    // Rows of some scenes, as embeddings of images are: half of a row is its scene's.
    private static EmbeddingBlocks Make(int rows, int dimension, int seed)
    {
        float[] scenes = SearchQueries.Make(Scenes, dimension);
        var gallery = new EmbeddingBlocks(dimension, PerBlock * dimension);
        var random = new Random(seed);
        float[] row = new float[dimension];
        for (int r = 0; r < rows; r++)
        {
            int scene = random.Next(Scenes) * dimension;
            float noise = MathF.Sqrt(12f / dimension);
            for (int d = 0; d < dimension; d++) row[d] = scenes[scene + d] + noise * (random.NextSingle() - 0.5f);
            UnitVector.TryNormalize(row, gallery.Next());
            gallery.Keep();
        }
        return gallery;
    }

    private static ColumnData Numbers(int rows)
    {
        var random = new Random(4);
        var builder = new ColumnBuilder(s_column);
        for (int row = 0; row < rows; row++) builder.Add(random.NextDouble());
        using var part = new MemoryStream();
        builder.Write(part);
        return ColumnData.Open(s_column, rows, part.ToArray());
    }

    private static void Sum(EmbeddingBlocks gallery, Func<ReadOnlySpan<float>, float> sum) =>
        KernelRate.OnThreads(Environment.ProcessorCount, gallery.Blocks, block => sum(gallery.Block(block)));

    private sealed class Nowhere : IFoundRows
    {
        void IFoundRows.Found(int query, ReadOnlySpan<(float Score, int Row)> best)
        {
        }
    }

    private sealed record Way(string Name, int Queries, double Found, double Bytes, Action Run)
    {
        public List<double> Seconds { get; } = [];

        public List<double> Own { get; } = [];

        public void Measure()
        {
            TimeSpan processors = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            Run();
            Seconds.Add(clock.Elapsed.TotalSeconds);
            Own.Add((Environment.CpuUsage.TotalTime - processors).TotalSeconds);
        }
    }
}
