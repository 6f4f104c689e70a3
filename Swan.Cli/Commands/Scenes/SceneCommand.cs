using System.CommandLine;
using Swan.Cli.Options;

namespace Swan.Cli.Commands;

/// <summary><c>swan scene</c>: searches inside georeferenced scenes.</summary>
internal static class SceneCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "scene", "Finds places inside large GeoTIFFs, for a map.",
            "swan scene index scenes --out places");
        command.Subcommands.Add(SceneIndexCommand.Create());
        command.Subcommands.Add(SceneSearchCommand.Create());
        command.Subcommands.Add(SceneExportCommand.Create());
        return command;
    }
}
