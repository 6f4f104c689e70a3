using System.CommandLine;
using Swan.MLNet;

namespace PipelineTour;

/// <summary>What the command line asks for.</summary>
internal sealed record Request(string Model, string Images, string Out);

/// <summary>Reads the command line and starts the tour; what is wrong with options, model or images is told without a stack trace.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] arguments, Func<Request, Task> start)
    {
        var model = new Option<string>("--model") { Description = "A .swan file.", DefaultValueFactory = _ => Path.Combine("quickstart-out", "quickstart.swan") };
        var images = new Option<string>("--images") { Description = "A data folder as 'swan train' takes it, or any folder with images.", DefaultValueFactory = _ => Path.Combine("quickstart-out", "scenes") };
        var folder = new Option<string>("--out") { Description = "Where saved pipelines go.", DefaultValueFactory = _ => "tour-out" };
        var command = new RootCommand("Uses every component of Swan.MLNet once.") { model, images, folder };
        command.SetAction(async parsed =>
        {
            try
            {
                await start(new(parsed.GetValue(model)!, parsed.GetValue(images)!, parsed.GetValue(folder)!));
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
}
