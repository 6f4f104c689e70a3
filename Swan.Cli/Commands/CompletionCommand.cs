using System.CommandLine;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Commands;

/// <summary><c>swan completion</c>: prints a shell's script for completing commands, options and values.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = $"One of: {string.Join(", ", CompletionScripts.ByShell.Keys)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.ByShell.Keys]);
        return new DocumentedCommand("completion", "Prints a script that completes swan's commands and options in a shell.",
            "eval \"$(swan completion bash)\"")
            .With(shell)
            .Runs((parsed, _) =>
            {
                parsed.InvocationConfiguration.Output.WriteLine(CompletionScripts.ByShell[parsed.GetRequiredValue(shell)]);
                return ExitCode.Done;
            });
    }
}
