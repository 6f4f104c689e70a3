using System.CommandLine;
using Swan.Cli.Options;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;

namespace AutoMLPipeline;

/// <summary>What the command line asks for.</summary>
internal sealed record Request(string Data, string[] Models, string Out, int[] Rotations, int Trials, double Minutes, int Folds, int Seed);

/// <summary>Reads the command line and runs the search; what is wrong with options, models or data is told without a stack trace.</summary>
internal static class CommandLine
{
    public static int Run(string[] arguments, Action<Request> search)
    {
        var data = new Option<string>("--data")
        {
            Description = "A folder with train.jsonl (image, scene, captions), val.jsonl and images.",
            Required = true,
        };
        var model = new Option<string[]>("--model")
        {
            Description = "A .swan file; give several to compare them. Default: the included model.", AllowMultipleArgumentsPerToken = true,
        };
        var folder = new Option<string>("--out")
        {
            Description = "Folder for embeddings and the best pipeline.",
            DefaultValueFactory = _ => "automl-out",
        };
        var rotations = new Option<int[]>("--rotations")
        {
            Description = "Numbers of averaged rotations to try: 1, 2 or 4. Each rotation costs an encoder run, once.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1, 4],
        };
        var trials = new NumberOption<int>("--trials") { Description = "Number of settings to try.", DefaultValueFactory = _ => 30 };
        var minutes = new NumberOption<double>("--minutes")
        {
            Description = "Minutes after which no trial starts.",
            DefaultValueFactory = _ => 60,
            Fault = value => value is > 0 and < 100_000 ? null : "expected more than 0",
        };
        var folds = new NumberOption<int>("--folds") { Description = "Folds of the cross-validation.", DefaultValueFactory = _ => 3 };
        var seed = new NumberOption<int>("--seed") { Description = "Seed of the settings to try." };
        rotations.AcceptOnlyFromAmong("1", "2", "4");
        AtLeast(trials, 1);
        AtLeast(folds, 2);

        var command = new RootCommand("Searches for the best scene classifier on SWAN embeddings, and compares it with zero-shot labels.")
        {
            data, model, folder, rotations, trials, minutes, folds, seed,
        };
        command.SetAction(parsed =>
        {
            try
            {
                string output = parsed.GetValue(folder)!;
                string[] models = parsed.GetValue(model) is { Length: > 0 } given ? [.. given.Distinct()] : [SaveIncluded(output)];
                search(new(
                    parsed.GetValue(data)!, models, output, [.. parsed.GetValue(rotations)!.Distinct()],
                    parsed.GetValue(trials), parsed.GetValue(minutes), parsed.GetValue(folds), parsed.GetValue(seed)));
                return 0;
            }
            catch (Exception e) when (e is SwanException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command.Parse(arguments).Invoke();
    }

    // The sweep chooses among files.
    private static string SaveIncluded(string folder)
    {
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, "included.swan");
        SwanModelFile.Default.Save(path);
        return path;
    }

    private static void AtLeast(NumberOption<int> option, int least) =>
        option.Fault = value => value < least ? $"expected at least {least}" : null;
}
