using System.CommandLine;
using Swan.Cli.Bench;
using Swan.Cli.Options;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>What writing, opening and looking into an index that lives take.</summary>
internal static class LiveCommand
{
    private static readonly NumberOption<int> Rows = SharedOptions.AtLeastOne(new NumberOption<int>("--rows")
    {
        Description = "Rows of the index.", DefaultValueFactory = _ => 100_000,
    });

    private static readonly NumberOption<int> Dimension = SharedOptions.AtLeastOne(new NumberOption<int>("--dimension")
    {
        Description = "Values of an embedding.", DefaultValueFactory = _ => 257,
    });

    private static readonly Option<string> Folder = new("--folder")
    {
        Description = "Where the index is made; what it measures depends on the disk. Default: the system's folder for temporary files.",
    };

    public static Command Create()
    {
        var command = new Command("live", "Rows added, replaced and found a second in an index that lives, and the time to open it.")
        {
            Rows, Dimension, Folder, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            int rows = parsed.GetValue(Rows), dimension = parsed.GetValue(Dimension);
            string folder = parsed.GetValue(Folder) ?? Path.GetTempPath();
            var use = new ProcessorUse();
            LiveRates[] measured = [.. Enum.GetValues<SwanIndexScan>().Select(scan => LiveRates.Measure(folder, rows, dimension, scan))];
            LiveRate[] rates = [.. measured.SelectMany(m => m.Rates)];
            MappedMemory[] memory = [.. measured.Select(m => m.Memory).OfType<MappedMemory>()];
            double others = use.OthersShare();
            Console.WriteLine($"An index of {rows:N0} × {dimension} in '{folder}'; others used {others:P0} of the processors");
            Report.Table(
                ["", "scan", "rows", "ms", "processor ms", "rows a second"],
                rates.Select(r => new[]
                {
                    r.Name, r.Scan, $"{r.Rows:N0}", $"{r.Milliseconds:F2}", $"{r.Processor:F2}",
                    r.Rows > 1 ? $"{r.Rows / r.Milliseconds * 1000:N0}" : "",
                }));
            foreach (MappedMemory of in memory)
            {
                Console.WriteLine(
                    $"{of.Scan}: {Report.Megabytes(of.Resident)} of its files' {Report.Megabytes(of.Files)} are in memory after searches, "
                    + $"{of.Resident / (4.0 * rows * dimension):P0} of the embeddings as float32");
            }
            Report.Write(parsed.GetValue(SharedOptions.Json), "live", new { rows, dimension, others, rates, memory });
        });
        return command;
    }
}
