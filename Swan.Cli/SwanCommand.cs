using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Swan.Cli.Commands;
using Swan.Cli.Display;
using Swan.Cli.Doctor;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli;

/// <summary>The <c>swan</c> command: reads the command line, runs a command and turns failures into exit codes.</summary>
internal static class SwanCommand
{
    private static readonly Option<bool> Json = SharedOptions.Json("With --version: print JSON.");

    /// <summary>Runs the command line. Errors go to standard error.</summary>
    /// <param name="arguments">Such as <c>train --data DIR --out RUN</c>; <c>--help</c> lists what there is.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        ParseResult parsed = Create().Parse(arguments);
        string command = CommandPath.Of(parsed.CommandResult.Command);
        if (parsed.Action is ParseErrorAction) return ReportParseErrors(parsed, command);
        try
        {
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // see Interruption
            };
            return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return Failure.Report(e, command, Console.Error);
        }
    }

    /// <summary>All commands with their options.</summary>
    internal static RootCommand Create()
    {
        var root = new RootCommand("Searches overhead imagery with words, and trains, exports, evaluates and documents SWAN models.")
        {
            Json,
            SearchCommand.Create(),
            EmbedCommand.Create(),
            JobCommand.Create(),
            IndexCommand.Create(),
            SceneCommand.Create(),
            InspectCommand.Create(),
            TrainCommand.Create(),
            ExportCommand.Create(),
            NormalizeCommand.Create(),
            CalibrateCommand.Create(),
            EvaluateCommand.Create(),
            CardCommand.Create(),
            BenchCommand.Create(),
            DoctorCommand.Create(),
            CompletionCommand.Create(),
        };
        foreach (Option option in root.Options)
        {
            if (option is HelpOption help) (help.Description, help.Action) = ("Show this help.", new GroupedHelp());
            if (option is VersionOption version) (version.Description, version.Action) = (
                "Show the versions of swan and its native libraries.", new ShowVersions());
        }

        return root;
    }

    private static int ReportParseErrors(ParseResult parsed, string command)
    {
        // Only words that name commands so far: what can follow is what helps.
        if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.Tokens.All(t => t.Type == TokenType.Command))
        {
            new GroupedHelp().Write(parsed.CommandResult.Command, Console.Error);
            return ExitCode.Usage;
        }

        // The whole help would push the reason off the screen. That a command is missing follows from a wrong one.
        bool group = parsed.CommandResult.Command.Subcommands.Count > 0;
        string[] messages = [.. parsed.UnmatchedTokens.Select(t =>
            t.StartsWith('-') ? $"There is no option '{t}'."
            : group ? $"There is no command '{t}'."
            : $"'{t}' is one argument too many. Put text with spaces in quotes.")];
        if (messages.Length == 0) messages = [.. parsed.Errors.Select(e => e.Message).Distinct()];
        foreach (string message in messages) Console.Error.WriteLine($"swan: {message}");
        Console.Error.WriteLine($"See: {command} --help");
        return ExitCode.Usage;
    }

    private sealed class ShowVersions : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            Versions versions = Versions.Read();
            if (parseResult.GetValue(Json)) JsonOutput.Write(versions.ToJson());
            else parseResult.InvocationConfiguration.Output.WriteLine(versions);
            return ExitCode.Done;
        }
    }
}
