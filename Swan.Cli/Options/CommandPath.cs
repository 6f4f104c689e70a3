using System.CommandLine;

namespace Swan.Cli.Options;

/// <summary>What is typed for a command, such as <c>swan index build</c>.</summary>
internal static class CommandPath
{
    /// <summary>The command's words, <c>swan</c> first.</summary>
    public static string Of(Command command) => command is RootCommand ? "swan" : $"{Of(Above(command))} {command.Name}";

    /// <summary>The commands around a command, the nearest first.</summary>
    public static IEnumerable<Command> Around(Command command)
    {
        for (Command? above = Parent(command); above is not null; above = Parent(above)) yield return above;
    }

    private static Command Above(Command command) => Parent(command) ?? new RootCommand();

    private static Command? Parent(Command command) => command.Parents.OfType<Command>().FirstOrDefault();
}
