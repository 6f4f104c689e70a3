using System.CommandLine;
using Swan.Batch;
using Swan.MLNet;

namespace Swan.Cli.Commands;

/// <summary>Reads the command line, runs the job, and turns what happened into an exit code.</summary>
internal static class EmbedCommand
{
    private const string About =
        """
        Embeds images into Parquet files, for schedulers: it can be killed at any time, and the same command goes on.

        Writes OUT/embeddings/shard-*-chunk-*.parquet (row, image, embedding) and, for rows that can't be embedded, OUT/bad/*.jsonl (row, image, reason, message).
        Give each of n jobs its shard and the same --out (a shared folder), or folders of their own: shard i of n takes rows i, i + n, i + 2n, … of the list. In a Kubernetes
        job with completionMode: Indexed, --shards n is enough.


        """;

    private static readonly Option<string> Model = new("--model") { Description = "The .swan file.", Required = true };
    private static readonly Option<string?> Images = new("--images") { Description = "A folder: all images in it and in folders below, but hidden ones and links to folders, by ordinal order of their relative paths. Listed once; the list is kept in OUT." };
    private static readonly Option<string?> List = new("--list") { Description = "Or a UTF-8 file with one path a line, in its order; blank lines are left out." };
    private static readonly Option<string?> Root = new("--root") { Description = "With --list: the folder that relative paths start from. Default: the current one." };
    private static readonly Option<string> Out = new("--out") { Description = "The folder that the results go to.", Required = true };
    private static readonly Option<string?> ShardOf = new("--shard") { Description = "i/n: this is job i of n, counted from 0.", HelpName = "i/n" };
    private static readonly Option<int?> Shards = new("--shards") { Description = $"n: how many jobs there are; which one this is says {Shard.IndexVariable}.", HelpName = "n" };
    private static readonly Option<int> Chunk = new("--chunk") { Description = "Rows per file, 1 to 100000; a killed job loses at most this much work.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Threads = new("--threads") { Description = "Threads of the encoder; 0: one per processor.", DefaultValueFactory = _ => 0 };
    private static readonly Option<int> Batch = new("--batch") { Description = "Images prepared together, 1 to 4096: on a GPU they are one encoder run. More takes memory.", DefaultValueFactory = _ => 32 };
    private static readonly Option<int> Rotations = new("--rotations") { Description = "Quarter turns averaged into each embedding.", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> Device = new("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "auto" };
    private static readonly Option<double> MaxBad = new("--max-bad") { Description = "The share of bad rows, 0 to 1, above which the exit code is 1.", DefaultValueFactory = _ => 0.01 };
    private static readonly Option<bool> RetryBad = new("--retry-bad") { Description = "Make chunks with bad rows again, e.g. after a disk was away." };

    public static async Task<int> Run(string[] arguments, Func<ScoringRequest, Task<int>> job)
    {
        var command = new RootCommand(About + ExitCode.Help) { Model, Images, List, Root, Out, ShardOf, Shards, Chunk, Threads, Batch, Rotations, Device, MaxBad, RetryBad };
        Within(Chunk, 1, 100_000);
        Within(Batch, 1, 4096);
        Within(Threads, 0, 1024);
        Rotations.AcceptOnlyFromAmong("1", "2", "4");
        MaxBad.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<double>() is not (>= 0 and <= 1)) given.AddError("--max-bad must be from 0 to 1.");
        });
        command.SetAction((parsed, _) => job(Request(parsed)));

        ParseResult parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine("See --help.");
            return ExitCode.Unusable;
        }

        try
        {
            // Signals are ours: the job decides what is whole.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e) when (Code(e) is { } code)
        {
            Console.Error.WriteLine(e is OperationCanceledException ? "Stopped. Whole chunks are kept; the same command goes on." : e.Message);
            return code;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return ExitCode.Defect;
        }
    }

    private static int? Code(Exception e) => e switch
    {
        UnusableException => ExitCode.Unusable,
        OperationCanceledException or TryAgainException => ExitCode.TryAgain,
        IOException or UnauthorizedAccessException => ExitCode.InputOutput,
        _ => null,
    };

    private static ScoringRequest Request(ParseResult parsed)
    {
        string? images = parsed.GetValue(Images), list = parsed.GetValue(List), root = parsed.GetValue(Root);
        if (images is null == list is null) throw new UnusableException("Give either --images or --list.");
        if (images is not null && root is not null) throw new UnusableException("--root goes with --list; with --images, that folder is the root.");
        try
        {
            return new ScoringRequest
            {
                Model = parsed.GetRequiredValue(Model),
                Images = images,
                List = list,
                Root = Path.GetFullPath(images ?? root ?? "."),
                Out = Path.GetFullPath(parsed.GetRequiredValue(Out)),
                Shard = Shard.Parse(parsed.GetValue(ShardOf), parsed.GetValue(Shards), Environment.GetEnvironmentVariable(Shard.IndexVariable)),
                Chunk = parsed.GetValue(Chunk),
                Rotations = parsed.GetValue(Rotations),
                Device = SwanDevice.Parse(parsed.GetRequiredValue(Device)),
                Threads = parsed.GetValue(Threads),
                Batch = parsed.GetValue(Batch),
                MaxBad = parsed.GetValue(MaxBad),
                RetryBad = parsed.GetValue(RetryBad),
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new UnusableException(e.Message, e); // no device, no path
        }
    }

    private static void Within(Option<int> option, int least, int most) => option.Validators.Add(given =>
    {
        if (given.GetValueOrDefault<int>() is var value && (value < least || value > most)) given.AddError($"{option.Name} must be from {least} to {most}.");
    });
}
