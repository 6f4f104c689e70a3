using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.Batch;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Cli.Commands;

/// <summary><c>swan embed</c>: embeds any number of images into Parquet, for schedulers.</summary>
internal static class EmbedCommand
{
    private const string Notes =
        """
        It writes OUT/embeddings/shard-*-chunk-*.parquet (row, image, embedding) and, for rows that can't be embedded,
        OUT/bad/*.jsonl (row, image, reason, message).
        Give each of n jobs its shard and the same --out (a shared folder), or folders of their own: shard i of n takes
        rows i, i + n, i + 2n, … of the list. In a Kubernetes job with completionMode: Indexed, --shards n is enough.

        Exit codes:
          0   all rows of the shard are done
          1   all rows are done, but more of them are bad than --max-bad allows,
              or none of several could be embedded                                 (don't retry)
          2   arguments, model, list or output folder can't be used                (don't retry)
          70  a bug in swan
          74  reading or writing failed, e.g. a full disk, or the process ran
              out of memory; whole chunks are kept                                 (retry)
          75  stopped by SIGTERM, SIGHUP or Ctrl+C, or another process is at this
              shard; whole chunks are kept                                                (retry)
          Killed (137) or crashed: retry. The same command goes on after the last whole chunk.
        """;

    private static readonly Option<string?> Model = SharedOptions.OptionalModel();

    private static readonly Option<string?> Images = new("--images")
    {
        Description = "Folder with images, in order of their paths; hidden files and links to folders are left out. It is listed once, "
            + "into --out.",
        HelpName = "folder",
    };

    private static readonly Option<string?> List = new("--list")
    {
        Description = "Instead of --images: UTF-8 file with one path a line.", HelpName = "file.txt",
    };

    private static readonly Option<string?> Root = new("--root")
    {
        Description = "With --list: folder that relative paths start from. Default: the current one.", HelpName = "folder",
    };

    private static readonly Option<bool> OutsideRoot =
        new("--outside-root") { Description = "With --root: let paths of the list lead out of that folder. Else they are bad rows." };

    private static readonly Option<string> Out =
        new("--out") { Description = "Folder of the results.", HelpName = "folder", Required = true };
    private static readonly Option<string?> ShardOf =
        new("--shard") { Description = "This is job i of n, counted from 0.", HelpName = "i/n" };

    private static readonly Option<int?> Shards = new OptionalNumberOption<int>("--shards")
    {
        Description = $"Number of jobs. The environment variable {Shard.IndexVariable} says which one this is.", HelpName = "n",
    };

    private static readonly Option<int> Chunk = new NumberOption<int>("--chunk")
    {
        Description = "Rows per file, 1 to 100000. A killed job loses at most this much work.", HelpName = "n",
        DefaultValueFactory = _ => 10_000,
    }.Within(1, 100_000);

    private static readonly Option<int> Threads = new NumberOption<int>("--threads")
    {
        Description = "Threads of the encoder. 0 means one per core.", HelpName = "n", DefaultValueFactory = _ => 0,
    }.Within(0, 1024);

    private static readonly Option<int> Batch = new NumberOption<int>("--batch")
    {
        Description = "Images prepared together, 1 to 4096. On a GPU they are one encoder run.", HelpName = "n",
        DefaultValueFactory = _ => 32,
    }.Within(1, 4096);

    private static readonly PictureOptions Pictures = new();
    private static readonly Option<int> Rotations = SharedOptions.Rotations();
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();

    private static readonly Option<double> MaxBad = new NumberOption<double>("--max-bad")
    {
        Description = "Share of bad rows, 0 to 1, above which the exit code is 1.", HelpName = "n", DefaultValueFactory = _ => 0.01,
        Fault = share => share is >= 0 and <= 1 ? null : "expected 0 to 1",
    };

    private static readonly Option<bool> RetryBad =
        new("--retry-bad") { Description = "Make chunks with bad rows again, e.g. after a disk was away." };

    private static readonly Option<bool> Json = SharedOptions.Json(
        "When all rows are done, print a summary as JSON and nothing else on standard output. Progress goes to standard error.");

    public static Command Create()
    {
        DocumentedCommand command = new DocumentedCommand(
            "embed", "Embeds images into Parquet files, for schedulers: it can be killed at any time, and the same command goes on.",
            "swan embed --images tiles --out embeddings-of-tiles") { Notes = Notes }
            .With("Input", Images, List, Root, OutsideRoot, Model)
            .With("Embedding", Rotations)
            .With(PictureOptions.Heading, Pictures.All)
            .With("Output", Out, Chunk, MaxBad, RetryBad, Json)
            .With("Shards", ShardOf, Shards)
            .With("Machine", Threads, Batch, Device);
        command.SetAction(ExecuteAsync);
        return command;
    }

    private static async Task<int> ExecuteAsync(ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            // Schedulers' signals are the job's: it decides what is whole.
            using var interruption = new Interruption(BatchExitCode.TryAgain, cancellation);
            return await RunAsync(Options(parsed), parsed.GetValue(Json), interruption.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            int code = BatchExitCode.For(e);
            Console.Error.WriteLine(
                code == BatchExitCode.Defect ? $"{e}"
                : e is OperationCanceledException ? "swan: stopped. Whole chunks are kept; the same command goes on."
                : e is OutOfMemoryException ? $"swan: the process ran out of memory ({e.Message}) Whole chunks are kept. Give it more, or "
                    + "let it take less: a smaller --batch, SWAN_MAX_PICTURE_BYTES."
                : $"swan: {e.Message}");
            return code;
        }
    }

    private static async Task<int> RunAsync(BatchJobOptions options, bool json, CancellationToken cancellation)
    {
        var display = new EmbedDisplay(options.Shard, json);
        BatchReport report;
        try
        {
            BatchJob job = new MLContext().Swan().Batch(options);
            report = await display.ShowAsync(() => job.RunAsync(display, cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            display.Summarize("is stopped");
            throw;
        }

        display.Summarize("is done");
        if (report.HasTooManyBadRows)
        {
            string found = report.BadShare == 1 ? "No row could be embedded."
                : string.Create(CultureInfo.InvariantCulture,
                    $"{report.BadShare:P1} of the rows are bad; --max-bad allows {report.MaxBadShare:P1}.");
            Console.Error.WriteLine($"swan: {found} The reasons are in the folder 'bad' beside the embeddings. After mending what can be "
                + "mended, run the same command with --retry-bad.");
        }

        if (json) JsonOutput.Write(ToJson(report));
        return BatchExitCode.For(report);
    }

    private static JsonObject ToJson(BatchReport report) => new()
    {
        ["shard"] = report.Shard.ToString(),
        ["rows"] = report.Rows,
        ["embedded"] = report.Rows - report.BadRows.Values.Sum(),
        ["bad"] = new JsonObject(report.BadRows.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value))),
        ["badShare"] = report.BadShare,
        ["rowsFromEarlierRuns"] = report.RowsFromEarlierRuns,
        ["seconds"] = report.Elapsed.TotalSeconds,
        ["exitCode"] = BatchExitCode.For(report),
        ["exit"] = report.HasTooManyBadRows ? "too_many_bad_rows" : "done",
    };

    private static BatchJobOptions Options(ParseResult parsed)
    {
        string? images = parsed.GetValue(Images), list = parsed.GetValue(List), root = parsed.GetValue(Root);
        if (images is null == list is null) throw new SwanBatchException("Give either --images or --list.");
        if (images is not null && root is not null) throw new SwanBatchException(
            "--root goes with --list; with --images, that folder is the root.");
        if (root is null && parsed.GetValue(OutsideRoot)) throw new SwanBatchException(
            "--outside-root goes with --root; without it, the paths of a list may lead anywhere.");
        ImageDecodingOptions decoding = Pictures.Read(parsed);
        try
        {
            return new BatchJobOptions
            {
                Model = parsed.GetValue(Model),
                Images = FullFolder(images),
                List = list,
                Root = FullFolder(root),
                RestrictToRoot = !parsed.GetValue(OutsideRoot),
                Output = Path.GetFullPath(parsed.GetRequiredValue(Out)),
                Shard = ChosenShard(parsed.GetValue(ShardOf), parsed.GetValue(Shards)),
                ChunkSize = parsed.GetValue(Chunk),
                Rotations = parsed.GetValue(Rotations),
                Range = decoding.Range,
                Bands = decoding.Bands,
                NoData = decoding.NoData,
                MinValidShare = decoding.MinValidShare,
                Device = parsed.GetRequiredValue(Device),
                Threads = parsed.GetValue(Threads),
                BatchSize = parsed.GetValue(Batch),
                MaxBadShare = parsed.GetValue(MaxBad),
                RetryBadRows = parsed.GetValue(RetryBad),
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new SwanBatchException(e.Message, innerException: e); // no shard, no path
        }
    }

    // A full path would hide that it was a URL.
    private static string? FullFolder(string? folder) => folder is null ? null
        : !Directory.Exists(folder) && FilePath.WhyMissing(folder) is { } why
            ? throw new SwanBatchException($"There is no folder '{folder}': {why}")
        : Path.GetFullPath(folder);

    private static Shard ChosenShard(string? shard, int? shards) => (shard, shards) switch
    {
        (null, null) => Shard.All,
        ({ } text, null) => Shard.Parse(text),
        (null, { } count) => Shard.FromEnvironment(count),
        _ => throw new SwanBatchException(
            $"Both --shard and --shards are given. Give --shard i/n, or --shards n where the environment has {Shard.IndexVariable}."),
    };
}
