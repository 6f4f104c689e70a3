using System.CommandLine;
using Swan.Cli.Options;

namespace Swan.Cli.Commands;

/// <summary><c>swan index</c>: the commands of an index that lives in a folder.</summary>
internal static class IndexCommand
{
    public static Command Create()
    {
        var command = new DocumentedCommand(
            "index", "Builds, updates and searches an index of images.",
            "swan index build --images photos --out gallery");
        foreach (Command below in (Command[])
        [
            IndexBuildCommand.Create(), IndexAddCommand.Create(), IndexRemoveCommand.Create(), IndexSearchCommand.Create(),
            IndexDuplicatesCommand.Create(), IndexInfoCommand.Create(), IndexVerifyCommand.Create(), IndexCompactCommand.Create(),
            IndexExportCommand.Create(),
        ])
        {
            command.Subcommands.Add(below);
        }
        return command;
    }
}
