using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Spectre.Console;
using Swan.Cli.Commands;
using Swan.MLNet;
using Swan.Training;

namespace Swan.Cli;

/// <summary>The <c>swan</c> command: <c>train</c>, <c>export</c>, <c>normalize</c>, <c>evaluate</c>, <c>card</c> and <c>search</c>.</summary>
/// <remarks>
/// This library's own program is nothing but a call of it. So is that of a project that takes the library from its package, and with it libtorch for
/// its device; see docs/decisions/0012:
/// <example>
/// <code>
/// return await Swan.Cli.SwanCommand.RunAsync(args);
/// </code>
/// </example>
/// One call at a time: it writes to the console, takes Ctrl+C, and libtorch's threads and random state are the process's.
/// </remarks>
public static class SwanCommand
{
    /// <summary>Does what a command line asks for. Faults are told on the standard error stream, without a stack trace.</summary>
    /// <param name="arguments">Such as <c>train --data DIR --out RUN</c>; <c>--help</c> lists what there is.</param>
    /// <returns>The exit code: 0, done; 1, it could not be done; 130, stopped by Ctrl+C.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        // A plain command, because a RootCommand would call itself by the assembly's name.
        var root = new Command("swan", "Trains, exports, normalises, evaluates, describes and searches with SWAN: text and image retrieval for overhead imagery.")
        {
            new HelpOption(),
            new VersionOption { Action = new ShowVersion() },
            TrainCommand.Create(),
            ExportCommand.Create(),
            NormalizeCommand.Create(),
            EvaluateCommand.Create(),
            CardCommand.Create(),
            SearchCommand.Create(),
            EmbedCommand.Create(),
        };

        ParseResult parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction wrong && parsed.CommandResult.Command != root)
        {
            // The whole help would push the reason off the screen.
            wrong.ShowHelp = false;
            await parsed.InvokeAsync().ConfigureAwait(false);
            Console.Error.WriteLine($"See: swan {parsed.CommandResult.Command.Name} --help");
            return parsed.CommandResult.Command.Name == EmbedCommand.Name ? Swan.Batch.BatchExitCode.Unusable : 1;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(5) }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SwanException or ArgumentException or FormatException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException or InvalidOperationException or DllNotFoundException)
        {
            AnsiConsole.Profile.Out.Writer.Flush();
            Console.Error.WriteLine($"swan: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("swan: stopped.");
            return 130;
        }
    }

    // The default shows the program's version, which is not Swan's where the program is somebody else's.
    private sealed class ShowVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(RunVersions.Swan);
            return 0;
        }
    }
}
