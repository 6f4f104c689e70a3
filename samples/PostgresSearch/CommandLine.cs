using System.CommandLine;
using Npgsql;
using Swan.Cli.Options;
using Swan.MLNet;
using Swan.MLNet.Models;

namespace PostgresSearch;

/// <summary>
/// Reads the command line and runs a command; what is wrong with options, images or the server is told without a stack trace.
/// </summary>
internal static class CommandLine
{
    private const string Variable = "SWAN_POSTGRES";

    private static readonly Option<string?> s_connection = new("--connection")
    {
        Description = $"The server, such as \"Host=localhost;Username=me;Database=images\". Default: the variable {Variable}.",
        Recursive = true,
    };

    private static readonly Option<string?> s_model = new("--model")
    {
        Description = "A .swan file. Default: the model inside Swan.MLNet.", Recursive = true,
    };

    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors) =>
        new RootCommand("Stores images in PostgreSQL and finds them with words.")
        {
            s_connection, s_model, Create(), Load(), Index(), Search(), Remove(),
        }
        .Parse(arguments)
        .InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });

    private static Command Create()
    {
        var type = new Option<string>("--type")
        {
            Description = "How embeddings are stored: as float32, as float16, or as real[] on a server without pgvector.",
            DefaultValueFactory = _ => Storage.Vector.Name,
        };
        type.AcceptOnlyFromAmong([.. Storage.All.Select(storage => storage.Name)]);
        var replace = new Option<bool>("--replace") { Description = "Drop the existing table with its rows." };
        return Make("create", $"Creates the table {ImageTable.Name}.", [type, replace], (run, parsed, cancellation) => run.CreateAsync(
            Storage.All.Single(s => s.Name == parsed.GetValue(type)), parsed.GetValue(replace), cancellation));
    }

    private static Command Load()
    {
        var images = new Option<string>("--images") { Description = "A folder of images.", Required = true };
        var by = new Option<string?>("--by") { Description = "copy or insert. Default: copy, if the server supports it." };
        by.AcceptOnlyFromAmong("copy", "insert");
        return Make("load", "Embeds a folder's images and writes them into the table; existing paths are updated.", [images, by],
            (run, parsed, cancellation) => run.LoadAsync(parsed.GetValue(images)!, parsed.GetValue(by), cancellation));
    }

    private static Command Index()
    {
        NumberOption<int> neighbors = Whole("--m", "HNSW: links of a row in each layer.", 16, 2, 100),
            candidates = Whole("--ef-construction", "HNSW: candidates for the links of a new row, at least twice --m.", 64, 4, 1000);
        return Make("index", "Creates the HNSW index of the existing rows; run it after loading.", [neighbors, candidates],
            (run, parsed, cancellation) => run.IndexAsync(parsed.GetValue(neighbors), parsed.GetValue(candidates), cancellation));
    }

    private static Command Search()
    {
        var words = new Argument<string?>("query") { Description = "Query in words.", Arity = ArgumentArity.ZeroOrOne };
        var image = new Option<string?>("--image") { Description = "An image file as the query, instead of words." };
        var where = new Option<string?>("--where")
        {
            Description = "A condition in SQL on path, scene, region and date, such as \"date >= '2025-01-01' and region = 'north'\".",
        };
        var exact = new Option<bool>("--exact") { Description = "Compare every row, without the index." };
        var explain = new Option<bool>("--explain") { Description = "Print the server's plan instead of the results." };
        var scan = new Option<string>("--iterative-scan")
        {
            Description = "If a filter leaves HNSW too few candidates: stop, or continue in strict or relaxed order.",
            DefaultValueFactory = _ => "relaxed_order", // the statement sorts what it finds
        };
        scan.AcceptOnlyFromAmong("off", "strict_order", "relaxed_order");
        NumberOption<int> top = Whole("--top", "Number of images.", 10, 1, 10_000),
            candidates = Whole("--ef", "HNSW: number of candidates.", 100, 1, 1000);
        Command command = Make("search", "Finds images.", [image, where, exact, explain, scan, top, candidates],
            (run, parsed, cancellation) => run.SearchAsync(
                new SearchQuery(parsed.GetValue(words), parsed.GetValue(image)),
                new SearchRequest([], parsed.GetValue(top), parsed.GetValue(where), parsed.GetValue(exact), parsed.GetValue(candidates),
                    parsed.GetValue(scan)!),
                parsed.GetValue(explain), cancellation));
        command.Arguments.Add(words);
        command.Validators.Add(given =>
        {
            if (given.GetValue(words) is null == given.GetValue(image) is null)
                given.AddError("Give a query in words, or a file with --image.");
        });
        return command;
    }

    private static Command Remove()
    {
        var paths = new Argument<string[]>("path") { Description = "Paths as 'search' prints them.", Arity = ArgumentArity.OneOrMore };
        Command command = Make("remove", "Deletes images from the table.", [],
            (run, parsed, cancellation) => run.RemoveAsync(parsed.GetValue(paths)!, cancellation));
        command.Arguments.Add(paths);
        return command;
    }

    private static Command Make(
        string name, string description, IEnumerable<Option> options, Func<Commands, ParseResult, CancellationToken, Task> action)
    {
        var command = new Command(name, description);
        foreach (Option option in options) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                string connection = parsed.GetValue(s_connection) ?? Environment.GetEnvironmentVariable(Variable)
                    ?? throw new ArgumentException(
                        $"No server is given. Give --connection \"Host=localhost;Username=me;Database=images\", or set {Variable}.");
                await using Server server = await Server.ConnectAsync(connection, cancellation);
                using SwanModel? opened = parsed.GetValue(s_model) is { } file ? SwanModel.Open(file) : null;
                await action(new(server, opened ?? SwanModel.Default, parsed.InvocationConfiguration.Output), parsed, cancellation);
                return 0;
            }
            catch (Exception e) when (e is PostgresSearchException or NpgsqlException or SwanException or ArgumentException or IOException
                or UnauthorizedAccessException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static NumberOption<int> Whole(string name, string description, int standard, int least, int most) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
        Fault = value => value >= least && value <= most ? null : $"expected {least} to {most}",
    };
}
