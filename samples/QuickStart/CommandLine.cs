using System.CommandLine;
using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Imaging;
using Swan.Training;

namespace QuickStart;

/// <summary>What the command line asks for.</summary>
internal sealed record Request(string? Data, string Out, double Minutes, int Seed);

/// <summary>Reads the command line and runs the tour; what is wrong with options or data is told without a stack trace.</summary>
internal static class CommandLine
{
    public static int Run(string[] arguments, Action<Request> tour)
    {
        var data = new Option<string?>("--data") { Description = "A folder with your own images and captions, as 'swan train --data' takes it. Without it, scenes are drawn." };
        var folder = new Option<string>("--out") { Description = "Where results go.", DefaultValueFactory = _ => "quickstart-out" };
        var minutes = new Option<double>("--minutes") { Description = "How long to train, at most.", DefaultValueFactory = _ => 2 };
        var seed = new Option<int>("--seed") { Description = "Another seed draws other scenes and starts from other weights." };
        minutes.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<double>() is not (> 0 and < 100_000)) given.AddError("--minutes must be more than 0.");
        });

        var command = new RootCommand("Trains a small SWAN, exports it, and searches images with it through ML.NET.") { data, folder, minutes, seed };
        command.SetAction(parsed =>
        {
            try
            {
                tour(new(parsed.GetValue(data), parsed.GetValue(folder)!, parsed.GetValue(minutes), parsed.GetValue(seed)));
                return 0;
            }
            catch (Exception e) when (e is SwanDataException or SwanImageException or SwanFormatException or SwanTrainingException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command.Parse(arguments).Invoke();
    }
}
