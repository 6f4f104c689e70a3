using System.Diagnostics;
using System.Numerics.Tensors;
using Swan.Benchmarks.Limits;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>How fast one way of reading a gallery is.</summary>
/// <param name="Name">What reads.</param>
/// <param name="Threads">On how many threads.</param>
/// <param name="Queries">How many queries each row meets; 0: a sum of the same memory.</param>
/// <param name="Gigabytes">The gallery's gigabytes a second, median of the turns.</param>
/// <param name="Share">The median, over the turns, of its rate by that turn's best sum on as many threads.</param>
/// <param name="OfProcessors">
/// The same of gigabytes by second of this process's own processor time, which others on the machine hardly change.
/// </param>
internal sealed record KernelRate(string Name, int Threads, int Queries, double Gigabytes, double Share, double OfProcessors)
{
    private const int Most = 96, Tile = 127, K = 10;

    /// <summary>Measures all in turns over the same memory; one turn before is not counted.</summary>
    public static KernelRate[] Measure(int rows, int dimension, int turns)
    {
        var gallery = new EmbeddingBlocks(dimension);
        for (int row = 0; row < rows; row++)
        {
            // Any values: arithmetic takes the same time for all but the tiniest.
            gallery.Next().Fill(MathF.Sin(row) / MathF.Sqrt(dimension));
            gallery.Keep();
        }
        Way[] ways = [.. new[] { 1, Environment.ProcessorCount }.Distinct().SelectMany(threads => Ways(gallery, threads))];
        double gigabytes = (double)rows * dimension * sizeof(float) / 1e9;
        foreach (Way way in ways) way.Run();
        for (int turn = 0; turn < turns; turn++)
        {
            foreach (Way way in ways)
            {
                TimeSpan processors = Environment.CpuUsage.TotalTime;
                var clock = Stopwatch.StartNew();
                way.Run();
                way.Rates.Add(gigabytes / clock.Elapsed.TotalSeconds);
                way.OwnRates.Add(gigabytes / (Environment.CpuUsage.TotalTime - processors).TotalSeconds);
            }
        }
        double Share(Way way, Func<Way, List<double>> rates)
        {
            Way[] sums = [.. ways.Where(w => w.Queries == 0 && w.Threads == way.Threads)];
            return Report.Median(rates(way).Select((rate, turn) => rate / sums.Max(sum => rates(sum)[turn])));
        }
        return
        [
            .. ways.Select(way => new KernelRate(
                way.Name, way.Threads, way.Queries, Report.Median(way.Rates), Share(way, w => w.Rates), Share(way, w => w.OwnRates))),
        ];
    }

    /// <summary>Does all blocks on some threads.</summary>
    public static void OnThreads(int threads, int blocks, Action<int> block)
    {
        int next = -1;
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(_ => new Thread(Work))];
        foreach (Thread thread in others) thread.Start();
        Work();
        foreach (Thread thread in others) thread.Join();

        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < blocks;) block(i);
        }
    }

    private static IEnumerable<Way> Ways(EmbeddingBlocks gallery, int threads)
    {
        int dimension = gallery.EmbeddingSize;
        float[] queries = SearchQueries.Make(Most, dimension), one = queries[..dimension];
        Way New(string name, int count, Action<int> block) =>
            new(name, threads, count, () => OnThreads(threads, gallery.Blocks, block));
        foreach ((string name, Func<ReadOnlySpan<float>, float> sum) in MemoryReads.All)
            yield return New($"sum, {name}", 0, block => sum(gallery.Block(block)));
        yield return New("dot products, TensorPrimitives.Dot", 1, block =>
        {
            ReadOnlySpan<float> rows = gallery.Block(block);
            for (int row = 0; row < rows.Length; row += dimension) TensorPrimitives.Dot(rows.Slice(row, dimension), one);
        });
        yield return New("dot products, version 0.1", 1, block => ByTiles(gallery, block, 1, (rows, scores) =>
            EarlierSearch.Fill(rows, one, scores)));
        foreach (int count in new[] { 1, 3, Most })
        {
            float[] some = queries[..(count * dimension)];
            yield return New("dot products, Swan", count, block => ByTiles(gallery, block, count, (rows, scores) =>
                DotProducts.Fill(rows, dimension, some, dimension, scores, Tile)));
        }
        if (threads < Environment.ProcessorCount) yield break;
        var search = new GallerySearch(gallery);
        yield return new Way("whole search, Swan", threads, 1, () => SearchQueries.Run(search, one, K));
        yield return new Way("whole search, version 0.1", threads, 1, () => EarlierSearch.Search(gallery, one, K));
    }

    private static void ByTiles(EmbeddingBlocks gallery, int block, int queries, Action<ReadOnlySpan<float>, Span<float>> fill)
    {
        ReadOnlySpan<float> rows = gallery.Block(block);
        Span<float> scores = stackalloc float[Most * Tile];
        int tile = Tile * gallery.EmbeddingSize;
        for (int start = 0; start < rows.Length; start += tile)
            fill(rows.Slice(start, Math.Min(tile, rows.Length - start)), scores[..(queries * Tile)]);
    }

    private sealed record Way(string Name, int Threads, int Queries, Action Run)
    {
        public List<double> Rates { get; } = [];

        public List<double> OwnRates { get; } = [];
    }
}
