using System.CommandLine;
using Swan.Benchmarks.Scenes;
using Swan.Cli.Options;
using Swan.MLNet.ModelFiles;

namespace Swan.Benchmarks.Commands;

/// <summary>Makes an index of many windows without encoding any, for <see cref="SceneServerCommand"/>.</summary>
internal static class SceneIndexCommand
{
    private static readonly Option<string> Out = new("--out") { Description = "Folder to make, with scenes and index.", Required = true };
    private static readonly NumberOption<int> Windows = SharedOptions.AtLeastOne(
        new NumberOption<int>("--windows") { Description = "At least so many.", DefaultValueFactory = _ => 100_000 });
    private static readonly NumberOption<int> Side = SharedOptions.AtLeastOne(
        new NumberOption<int>("--side") { Description = "Columns, and rows, of a scene.", DefaultValueFactory = _ => 10_240 });

    public static Command Create()
    {
        var command = new Command("scene-index", "Makes an index of scenes with embeddings at random.") { Out, Windows, Side };
        command.SetAction(parsed =>
        {
            long made = MadeSceneIndex.Write(
                parsed.GetRequiredValue(Out), parsed.GetValue(Windows), parsed.GetValue(Side), SwanModelFile.Default.Card);
            Console.WriteLine($"{made:N0} windows");
        });
        return command;
    }
}
