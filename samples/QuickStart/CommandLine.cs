using System.CommandLine;
using Swan.Cli.Options;
using Swan.MLNet;

namespace QuickStart;

/// <summary>What the command line asks for.</summary>
internal sealed record Request(
    string? Images, string? Data, IReadOnlyList<string> Queries, bool Train, string Out, double Minutes, int Seed);

/// <summary>Reads the command line and runs an example; what is wrong with options or data is told without a stack trace.</summary>
internal static class CommandLine
{
    public static int Run(string[] arguments, Action<Request> example)
    {
        var images = new Option<string?>("--images")
        {
            Description = "Folder of your own images to search. Without it or --data, scenes are drawn.",
        };
        var data =
            new Option<string?>("--data") { Description = "A folder with your own images and captions, as 'swan train --data' takes it." };
        var query = new Option<string[]>("--query") { Description = "Query in words. Repeatable." };
        var train = new Option<bool>("--train") { Description = "Train a model on the images and captions, and search with it." };
        var folder = new Option<string>("--out") { Description = "Folder for results.", DefaultValueFactory = _ => "quickstart-out" };
        var minutes = new NumberOption<double>("--minutes")
        {
            Description = "With --train: maximum training time in minutes.",
            DefaultValueFactory = _ => 2,
            Fault = value => value is > 0 and < 100_000 ? null : "expected more than 0",
        };
        var seed = new NumberOption<int>("--seed")
        {
            Description = "Seed of the drawn scenes and, with --train, of the initial weights.",
        };

        var command = new RootCommand("Searches images with words through ML.NET, "
            + "with the model that comes with Swan.MLNet or one that it trains.") { images, data, query, train, folder, minutes, seed };
        command.Validators.Add(given =>
        {
            if (given.GetValue(images) is not null && given.GetValue(data) is not null)
                given.AddError("--images and --data both name the images: give one of them.");
            if (given.GetValue(images) is not null && given.GetValue(train))
                given.AddError("--train learns from captions, which a folder of images doesn't have: give --data instead of --images.");
            if (given.GetResult(minutes) is { Implicit: false } && !given.GetValue(train))
                given.AddError("--minutes requires --train.");
        });
        command.SetAction(parsed =>
        {
            try
            {
                example(new(parsed.GetValue(images), parsed.GetValue(data), parsed.GetValue(query) ?? [], parsed.GetValue(train),
                    parsed.GetValue(folder)!, parsed.GetValue(minutes), parsed.GetValue(seed)));
                return 0;
            }
            // Among them a query without a word, and a folder in which no image can be read.
            catch (Exception e) when (e is SwanException or ArgumentException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command.Parse(arguments).Invoke();
    }
}
