using System.Diagnostics;
using System.Numerics.Tensors;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>Makes an index, changes it, opens it and looks into it.</summary>
internal sealed class LiveRates
{
    private const int Batch = 1000, Several = 9, Looked = 2000, Drawn = 4_000_037, Step = 7919, Scenes = 30, Warm = 60;

    private readonly List<LiveRate> _rates = [];
    private readonly string _scan;

    private LiveRates(SwanIndexScan scan) => _scan = scan.ToString().ToLowerInvariant();

    /// <summary>What of the files is in memory once they were searched; null where the system doesn't tell.</summary>
    public MappedMemory? Memory { get; private set; }

    public IReadOnlyList<LiveRate> Rates => _rates;

    public static LiveRates Measure(string folder, int rows, int dimension, SwanIndexScan scan)
    {
        string place = Path.Combine(folder, $"swan-live-{Guid.NewGuid():N}");
        var rates = new LiveRates(scan);
        try
        {
            rates.Measure(place, new SwanIndexSettings(dimension) { Scan = scan }, rows);
        }
        finally
        {
            if (Directory.Exists(place)) Directory.Delete(place, recursive: true);
        }
        return rates;
    }

    private void Measure(string place, SwanIndexSettings settings, int rows)
    {
        int dimension = settings.EmbeddingSize;
        float[] values = [.. SearchQueries.Make(Scenes, dimension), .. Random(7919, Drawn)];
        float[] query = new float[dimension];
        Row(values, int.MaxValue, query);
        using (var index = SwanLiveIndex.Create(place, settings))
        {
            using SwanIndexWriter writer = index.OpenWriter();
            Time("add, one commit", rows, () => Upsert(writer, values, rows, dimension, shift: 0));
            Time("the same again", rows, () => Upsert(writer, values, rows, dimension, shift: 0));
            int tenth = Math.Max(1, rows / 10);
            Time("replace a tenth, one commit", tenth, () => Upsert(writer, values, tenth, dimension, shift: 1));
            int number = 0;
            TimeSeveral("add one row and commit", 1, () =>
            {
                writer.Upsert($"one {number++}", values.AsSpan(0, dimension));
                writer.Commit();
            });
            Time("compact", rows, () => writer.Compact());
        }
        TimeSeveral("open", 1, () => SwanLiveIndex.Open(place).Dispose());
        using var opened = SwanLiveIndex.Open(place);
        Time("first search, which compares checksums", rows, () => opened.Search(query, 10));
        // .NET compiles what is hot anew while it runs: a process's first searches take longer.
        for (int i = 0; i < Warm; i++) opened.Search(query, 10);
        TimeSeveral("search", rows, () => opened.Search(query, 10));
        Memory = MappedMemory.Measure(place, _scan);
        var random = new Random(7);
        TimeSeveral($"find {Looked:N0} rows by key", Looked, () =>
        {
            for (int i = 0; i < Looked; i++) opened.TryGet($"key {random.Next(rows)}", out _);
        });
        Time("verify", rows, () => opened.Verify());
    }

    private static void Upsert(SwanIndexWriter writer, float[] values, int rows, int dimension, int shift)
    {
        float[] batch = new float[Batch * dimension];
        for (int first = 0; first < rows; first += Batch)
        {
            int some = Math.Min(Batch, rows - first);
            string[] keys = new string[some];
            for (int i = 0; i < some; i++)
            {
                keys[i] = $"key {first + i}";
                Row(values, first + i + shift * rows, batch.AsSpan(i * dimension, dimension));
            }
            writer.UpsertMany(keys, batch.AsSpan(0, some * dimension));
        }
        writer.Commit();
    }

    // Half of a row is its scene's, as of embeddings of images. The rest is a part of one row of numbers: as unlike as if drawn.
    private static void Row(float[] values, long number, Span<float> row)
    {
        int dimension = row.Length, scenes = Scenes * dimension;
        int start = scenes + (int)(number * Step % (values.Length - scenes - dimension));
        TensorPrimitives.MultiplyAdd(
            values.AsSpan(start, dimension), MathF.Sqrt(12f / dimension), values.AsSpan((int)(number % Scenes) * dimension, dimension),
            row);
    }

    private static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = random.NextSingle() - 0.5f;
        return values;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Several / 2);

    private void Time(string name, int rows, Action action)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        double wall = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _rates.Add(new LiveRate(name, _scan, rows, wall, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds));
    }

    private void TimeSeveral(string name, int rows, Action action)
    {
        int first = _rates.Count;
        for (int i = 0; i < Several; i++) Time(name, rows, action);
        LiveRate[] all = [.. _rates.Skip(first)];
        _rates.RemoveRange(first, all.Length);
        _rates.Add(new LiveRate(name, _scan, rows, Median(all.Select(r => r.Milliseconds)), Median(all.Select(r => r.Processor))));
    }
}
