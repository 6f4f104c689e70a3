using System.CommandLine;
using Swan.Cli.Bench;
using Swan.Cli.Options;

namespace Swan.Benchmarks.Commands;

/// <summary>How fast a search is beside the machine's memory, and how long a query takes while others come.</summary>
internal static class SearchCommand
{
    private const int Turns = 9;

    private static readonly NumberOption<int> Rows = SharedOptions.AtLeastOne(new NumberOption<int>("--rows")
    {
        Description = "Rows of the gallery that queries come to.", DefaultValueFactory = _ => 100_000,
    });

    private static readonly NumberOption<int> KernelRows = SharedOptions.AtLeastOne(new NumberOption<int>("--kernel-rows")
    {
        Description = "Rows of the gallery that is read beside plain sums; more than the caches hold.",
        DefaultValueFactory = _ => 1_000_000,
    });

    private static readonly NumberOption<int> Dimension = SharedOptions.AtLeastOne(new NumberOption<int>("--dimension")
    {
        Description = "Values of an embedding.", DefaultValueFactory = _ => 257,
    });

    private static readonly NumberOption<int> Rate = SharedOptions.AtLeastOne(new NumberOption<int>("--rate")
    {
        Description = "Queries that come a second.", DefaultValueFactory = _ => 50,
    });

    private static readonly NumberOption<int> Seconds = SharedOptions.AtLeastOne(new NumberOption<int>("--seconds")
    {
        Description = "Seconds for each load of each search.", DefaultValueFactory = _ => 20,
    });

    private static readonly NumberOption<int> Clients = SharedOptions.AtLeastOne(new NumberOption<int>("--clients")
    {
        Description = "Clients that ask again when they are answered.", DefaultValueFactory = _ => 4,
    });

    private static readonly Option<bool> OnlyScans = new("--only-scans")
    {
        Description = "Only float32 and int8 scans of both galleries, with filters.",
    };

    private static readonly Option<bool> OnlyRanking = new("--only-ranking")
    {
        Description = "Only exact scores of int8 scans' candidates beside float32 scans, for few to all rows.",
    };

    public static Command Create()
    {
        var command = new Command("search", "Rates of the search kernel beside memory's, and latencies of queries under load.")
        {
            Rows, KernelRows, Dimension, Rate, Seconds, Clients, OnlyScans, OnlyRanking, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            int rows = parsed.GetValue(Rows), kernelRows = parsed.GetValue(KernelRows), dimension = parsed.GetValue(Dimension);
            if (parsed.GetValue(OnlyRanking))
            {
                Rank(rows, dimension, parsed.GetValue(SharedOptions.Json));
                return;
            }
            (ScanRate[] scans, double othersScanning) = Scan([rows, kernelRows], dimension);
            if (parsed.GetValue(OnlyScans))
            {
                Report.Write(parsed.GetValue(SharedOptions.Json), "search", new { dimension, othersScanning, scans });
                return;
            }
            var use = new ProcessorUse();
            KernelRate[] rates = KernelRate.Measure(kernelRows, dimension, Turns);
            double others = use.OthersShare();
            Console.WriteLine($"{kernelRows:N0} × {dimension}, medians of {Turns} turns; others used {others:P0} of the processors");
            Print(rates);
            // The latencies' gallery comes instead of this one, not beside it.
            GC.Collect();
            use = new ProcessorUse();
            Latency[] latencies = SearchLatencies.Measure(
                rows, dimension, parsed.GetValue(Rate), parsed.GetValue(Clients), parsed.GetValue(Seconds));
            double othersThen = use.OthersShare();
            Console.WriteLine($"\n{rows:N0} × {dimension}, k = 10; others used {othersThen:P0} of the processors");
            Print(latencies);
            EvaluationMemory evaluation = EvaluationMemory.Measure(dimension);
            Console.WriteLine($"\n{evaluation.Rows:N0} images and as many captions, bytes allocated by bytes of embeddings");
            Report.Table(
                ["", "bytes"], [["EvaluateRetrieval", $"{evaluation.Swan:F2}"], ["lists, then arrays", $"{evaluation.Earlier:F2}"]]);
            Report.Write(parsed.GetValue(SharedOptions.Json), "search", new
            {
                rows, kernelRows, dimension, others, othersThen, othersScanning, rates, latencies, evaluation, scans,
            });
        });
        return command;
    }

    private static (ScanRate[] Rates, double Others) Scan(int[] galleries, int dimension)
    {
        var rates = new List<ScanRate>();
        var use = new ProcessorUse();
        foreach (int rows in galleries)
        {
            rates.AddRange(ScanRate.Measure(rows, dimension, Turns));
            GC.Collect();
        }
        double others = use.OthersShare();
        Console.WriteLine($"Scans, k = 10, medians of {Turns} turns; others used {others:P0} of the processors");
        Report.Table(
            ["", "rows", "queries", "found", "ms", "processor ms", "GB/s", "of the best sum", "by processor time", "by unfiltered"],
            rates.Select(r => new[]
            {
                r.Name, $"{r.Rows:N0}", r.Queries == 0 ? "" : $"{r.Queries}", r.Found == 1 ? "" : $"{100 * r.Found} %",
                $"{r.Milliseconds:F1}", $"{r.Processor:F1}", r.Found == 1 ? $"{r.Gigabytes:F1}" : "",
                r.Found == 1 ? $"{r.Share:F2}" : "", r.Found == 1 ? $"{r.OfProcessors:F2}" : "",
                r.Found == 1 ? "" : $"{r.ByUnfiltered:F2}",
            }));
        Console.WriteLine();
        return ([.. rates], others);
    }

    private static void Rank(int rows, int dimension, string? json)
    {
        var use = new ProcessorUse();
        RankTime[] times = RankTime.Measure(rows, dimension, Turns);
        double others = use.OthersShare();
        Console.WriteLine($"{rows:N0} × {dimension}, processor ms, medians of {Turns} turns; others used {others:P0} of the processors");
        Report.Table(
            ["k", "candidates", "int8 scan", "ranking", "float32 scan"],
            times.Select(t => new[] { $"{t.K:N0}", $"{t.Read:N0}", $"{t.Bytes:F1}", $"{t.Ranking:F1}", $"{t.Values:F1}" }));
        Report.Write(json, "ranking", new { rows, dimension, others, times });
    }

    private static void Print(KernelRate[] rates) => Report.Table(
        ["", "threads", "queries", "GB/s", "of the best sum", "by processor time", "GFLOP/s"],
        rates.Select(r => new[]
        {
            r.Name, $"{r.Threads}", r.Queries == 0 ? "" : $"{r.Queries}", $"{r.Gigabytes:F1}", $"{r.Share:F2}", $"{r.OfProcessors:F2}",
            r.Queries == 0 ? "" : $"{r.Gigabytes * r.Queries / 2:F1}",
        }));

    private static void Print(Latency[] latencies) => Report.Table(
        ["", "load", "queries/s", "p50 ms", "p95 ms", "p99 ms", "processor ms", "bytes allocated"],
        latencies.Select(l => new[]
        {
            l.Name, l.Load, $"{l.Rate:F1}", $"{l.P50:F1}", $"{l.P95:F1}", $"{l.P99:F1}", $"{l.Processor:F1}", $"{l.Allocated:N0}",
        }));
}
