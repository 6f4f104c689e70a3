using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Commands;

/// <summary><c>swan job compact</c>: writes the rows that count into new files.</summary>
internal static class JobCompactCommand
{
    private const string Notes =
        """
        Afterward OUT/embeddings has only the valid rows, each image once, so any program can read them. A program that is still
        reading the old files finds some of them deleted; --keep keeps them.

        Exit codes: 0 done, or nothing to do; 75 a run has not ended; 1 there is no job.
        """;

    private static readonly Argument<string> Output = new("output") { Description = "The --out of swan job plan.", HelpName = "out" };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Keep the files of earlier runs." };

    private static readonly Option<int> RowsPerFile = new NumberOption<int>("--rows-per-file")
    {
        Description = "Rows per new file, 1 to 1000000.", HelpName = "n", DefaultValueFactory = _ => 100_000,
    }.Within(1, 1_000_000);

    private static readonly StoreOptions Stores = new();
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON.");

    public static Command Create()
    {
        DocumentedCommand command = Stores.AddTo(new DocumentedCommand(
            "compact", "Merges the valid rows into new files and deletes the files of earlier runs.",
            "swan job compact embeddings-of-tiles") { Notes = Notes }
            .With(Output).With("Output", Keep, RowsPerFile)).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            using ObjectStore output = ObjectStores.ObjectStores.Open(parsed.GetRequiredValue(Output), Stores.Read(parsed));
            long? rows = await BatchJob.CompactAsync(
                output, parsed.GetValue(Keep), parsed.GetValue(RowsPerFile), null, cancellation).ConfigureAwait(false);
            if (parsed.GetValue(Json)) JsonOutput.Write(new JsonObject { ["rows"] = rows });
            else Console.WriteLine(rows is { } copied ? $"{Counted.Of(copied, "row")}." : "Nothing to compact.");
            return ExitCode.Done;
        });
        return command;
    }
}
