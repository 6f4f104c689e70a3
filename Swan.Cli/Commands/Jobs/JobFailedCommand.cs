using System.Buffers;
using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Swan.Batch;
using Swan.Batch.Stores;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Commands;

/// <summary><c>swan job failed</c>: the images that have no embedding, as a list.</summary>
internal static class JobFailedCommand
{
    private const string Notes =
        """
        The images are those of the last valid run, one per line, in the form that --list takes: paths as the job names them, or whole
        addresses of a bucket. Images in archives or in a manifest's column have no such form; their keys are printed instead. The
        reason of each failure is in OUT/bad, and swan job report counts the reasons. After repairs, retry them in the same job:
        swan embed … --retry-bad. Or embed them in another job, for example with other options; FOLDER is the --images of the job,
        or its --root:
          swan job failed OUT --reason NoData > failed.txt
          swan embed --list failed.txt --root FOLDER --out OUT-2 --min-valid 0

        Exit codes: 0 the list is complete, if empty; 75 no run has ended yet; 1 there is no job.
        """;

    // There may be millions, and the console's writer hands on each piece that it gets.
    private const int Piece = 1 << 16;

    private static readonly Argument<string> Output = new("output") { Description = "The --out of swan job plan.", HelpName = "out" };

    private static readonly Option<string?> Reason = new("--reason")
    {
        Description = "Only images that failed for this reason, such as Truncated.", HelpName = "reason",
    };

    private static readonly StoreOptions Stores = new();
    private static readonly Option<bool> Json = SharedOptions.Json("Print JSON: keys and reasons.");

    public static Command Create()
    {
        DocumentedCommand command = Stores.AddTo(new DocumentedCommand(
            "failed", "Lists the images that have no embedding.", "swan job failed embeddings-of-tiles > failed.txt") { Notes = Notes }
            .With(Output).With("Rows", Reason)).With("Report", Json);
        command.Runs(async (parsed, cancellation) =>
        {
            using ObjectStore output = ObjectStores.ObjectStores.Open(parsed.GetRequiredValue(Output), Stores.Read(parsed));
            BatchStatus status = await BatchJob.GetStatusAsync(output, cancellation).ConfigureAwait(false);
            if (status.ValidRun == 0)
            {
                throw new SwanBatchException($"No run of '{output.Address}' has ended yet, so failures aren't known. Run the shards "
                    + "that are left.", canRetry: true);
            }
            IAsyncEnumerable<BatchRow> failed = BatchJob.GetRowsAsync(output, cancellation)
                .Where(row => row.Fault is { } fault
                    && (parsed.GetValue(Reason) is not { } reason || string.Equals(reason, fault, StringComparison.OrdinalIgnoreCase)));
            if (parsed.GetValue(Json))
            {
                await WriteJsonAsync(status.ValidRun, failed).ConfigureAwait(false);
                return ExitCode.Done;
            }
            ListedNames names = ListedNames.Of(await BatchJob.GetOptionsAsync(output, cancellation).ConfigureAwait(false));
            if (names.Note is { } note) Console.Error.WriteLine($"swan: {note}");
            await WriteLinesAsync(failed, names).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task WriteLinesAsync(IAsyncEnumerable<BatchRow> failed, ListedNames names)
    {
        var lines = new StringBuilder();
        await foreach (BatchRow row in failed.ConfigureAwait(false))
        {
            lines.Append(names.LineOf(row.Image)).Append('\n');
            if (lines.Length < Piece) continue;
            Console.Out.Write(lines);
            lines.Clear();
        }
        Console.Out.Write(lines);
    }

    private static async Task WriteJsonAsync(int run, IAsyncEnumerable<BatchRow> failed)
    {
        var format = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var written = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(written, format);
        json.WriteStartObject();
        json.WriteNumber("run", run);
        json.WriteStartArray("failed");
        await foreach (BatchRow row in failed.ConfigureAwait(false))
        {
            json.WriteStartObject();
            json.WriteString("image", row.Image);
            json.WriteString("reason", row.Fault);
            json.WriteEndObject();
            if (json.BytesPending > Piece) Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        Flush();
        Console.Out.WriteLine();

        void Flush()
        {
            json.Flush();
            Console.Out.Write(Encoding.UTF8.GetString(written.WrittenSpan));
            written.ResetWrittenCount();
        }
    }
}
