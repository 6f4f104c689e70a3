using System.CommandLine;
using Swan.Cli.Bench;
using Swan.Cli.Options;

namespace Swan.Benchmarks.Commands;

/// <summary>What a filter's evaluation takes beside the scan that it comes before.</summary>
internal static class FiltersCommand
{
    private static readonly NumberOption<int> Rows = SharedOptions.AtLeastOne(new NumberOption<int>("--rows")
    {
        Description = "Rows of the columns and of the gallery.", DefaultValueFactory = _ => 1_000_000,
    });

    private static readonly NumberOption<int> Dimension = SharedOptions.AtLeastOne(new NumberOption<int>("--dimension")
    {
        Description = "Values of an embedding.", DefaultValueFactory = _ => 257,
    });

    private static readonly NumberOption<int> Turns = SharedOptions.AtLeastOne(new NumberOption<int>("--turns")
    {
        Description = "Turns that are measured.", DefaultValueFactory = _ => 5,
    });

    public static Command Create()
    {
        var command = new Command("filters", "Processor time of filters on columns of each type, beside a scan by one query.")
        {
            Rows, Dimension, Turns, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            int rows = parsed.GetValue(Rows), dimension = parsed.GetValue(Dimension), turns = parsed.GetValue(Turns);
            var use = new ProcessorUse();
            (FilterTime[] times, double scan) = FilterTime.Measure(rows, dimension, turns);
            double others = use.OthersShare();
            Console.WriteLine(
                $"{rows:N0} rows, medians of {turns} turns; a scan of {rows:N0} × {dimension} by one query takes {scan:F1} processor ms; "
                + $"others used {others:P0} of the processors");
            Report.Table(
                ["filter", "rows found", "processor ms", "of the scan"],
                times.Select(t => new[] { t.Name, $"{t.Share:P2}", $"{t.Milliseconds:F3}", $"{t.Milliseconds / scan:P1}" }));
            Report.Write(parsed.GetValue(SharedOptions.Json), "filters", new { rows, dimension, turns, others, scan, times });
        });
        return command;
    }
}
