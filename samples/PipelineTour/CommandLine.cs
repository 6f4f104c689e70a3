using System.CommandLine;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;

namespace PipelineTour;

/// <summary>What the command line asks for.</summary>
internal sealed record Request(string Model, string Images, string Out);

/// <summary>
/// Reads the command line and runs the examples; what is wrong with options, model or images is told without a stack trace.
/// </summary>
internal static class CommandLine
{
    private static readonly string Trained = Path.Combine("quickstart-out", "quickstart.swan");

    public static Task<int> RunAsync(string[] arguments, Func<Request, Task> start)
    {
        var model = new Option<string?>("--model")
        {
            Description = $"A .swan file. Default: {Trained} if it exists, otherwise the included model.",
        };
        var images = new Option<string>("--images")
        {
            Description = "A data folder as 'swan train' takes it, or any folder with images.",
            DefaultValueFactory = _ => Path.Combine("quickstart-out", "scenes"),
        };
        var folder = new Option<string>("--out") { Description = "Folder for saved pipelines.", DefaultValueFactory = _ => "tour-out" };
        var command = new RootCommand("Uses every component of Swan.MLNet once.") { model, images, folder };
        command.SetAction(async parsed =>
        {
            try
            {
                string output = parsed.GetValue(folder)!;
                await start(new(parsed.GetValue(model) ?? DefaultModel(output), parsed.GetValue(images)!, output));
                return 0;
            }
            catch (Exception e) when (e is SwanException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(e.Message);
                return 1;
            }
        });
        return command.Parse(arguments).InvokeAsync();
    }

    // Some examples need the path of a model file.
    private static string DefaultModel(string folder)
    {
        if (File.Exists(Trained)) return Trained;
        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, "included.swan");
        SwanModelFile.Default.Save(path);
        return path;
    }
}
