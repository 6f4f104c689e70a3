using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Display;

/// <summary>The <c>--help</c> of every command: options under headings, allowed values, defaults, one example.</summary>
/// <param name="width">Columns to wrap at; null for the terminal's, or none where the output is not a terminal.</param>
internal sealed class GroupedHelp(int? width = null) : SynchronousCommandLineAction
{
    private const int LeftColumns = 34;

    /// <summary>Wrong arguments beside <c>--help</c> don't matter.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return ExitCode.Done;
    }

    /// <summary>Writes a command's help.</summary>
    public void Write(Command command, TextWriter output)
    {
        int columns = width ?? TerminalWidth();
        WriteWrapped(output, "", command.Description ?? "", columns);
        output.WriteLine();
        output.WriteLine("Usage:");
        output.WriteLine($"  {UsageOf(command)}");
        WriteRows(output, "Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => ($"<{a.Name}>", a.Description ?? "")), columns);
        WriteRows(output, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")), columns,
            left: 14);
        foreach ((string heading, Option[] options) in GroupsOf(command))
            WriteRows(output, heading, options.Where(o => !o.Hidden).Select(o => (LeftOf(o), RightOf(o))), columns);
        if (command is DocumentedCommand documented)
        {
            output.WriteLine($"\nExample:\n  {documented.Example}");
            if (documented.Notes is { } notes) output.WriteLine($"\n{notes}");
        }

        if (command.Subcommands.Count > 0 && command is not RootCommand)
            output.WriteLine($"\n'{CommandPath.Of(command)} COMMAND --help' shows the options of a command.");
        if (command is not RootCommand) return;
        output.WriteLine("\nExample:\n  swan search --images photos \"planes parked beside a terminal\"");
        WriteRows(output, "Exit codes", ExitCode.Table.Select(e => (e.Code.ToString(CultureInfo.InvariantCulture), e.Meaning)), columns,
            left: 7);
        output.WriteLine("\n'swan COMMAND --help' shows the options of a command.");
    }

    private static string UsageOf(Command command)
    {
        if (command.Subcommands.Count > 0) return $"{CommandPath.Of(command)} COMMAND [options]";
        string arguments = string.Concat(command.Arguments.Select(a =>
            (a.Arity.MinimumNumberOfValues > 0 ? $" <{a.Name}>" : $" [<{a.Name}>]") + (a.Arity.MaximumNumberOfValues > 1 ? " …" : "")));
        string required = string.Concat(command.Options.Where(o => o.Required).Select(o => $" {o.Name} <{ValueOf(o)}>"));
        return $"{CommandPath.Of(command)}{arguments}{required} [options]";
    }

    private static IEnumerable<(string Heading, Option[] Options)> GroupsOf(Command command)
    {
        if (command is not DocumentedCommand documented) return [("Options", [.. command.Options])];
        Option[] grouped = [.. documented.Groups.SelectMany(g => g.Options)];
        Option[] others = [.. command.Options.Except(grouped), .. CommandPath.Around(command).SelectMany(c => c.Options)
            .OfType<HelpOption>()];
        return [.. documented.Groups, ("Other", others)];
    }

    private static string LeftOf(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(a => a.StartsWith('-')).Order(StringComparer.Ordinal).Prepend(option.Name));
        return ValueOf(option) is { } value ? $"{names} <{value}>" : names;
    }

    private static string? ValueOf(Option option) => option.ValueType == typeof(bool) || option.ValueType == typeof(void) ? null
        : option.HelpName ?? "value";

    private static string RightOf(Option option)
    {
        var parts = new List<string>();
        if (option.Required) parts.Add("Required.");
        if (option.Description is { Length: > 0 } text) parts.Add(text);
        if (ValueOf(option) is not null)
        {
            // A help name with bars lists them already.
            string[] values = option.HelpName?.Contains('|', StringComparison.Ordinal) == true
                ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];
            if (values.Length > 0) parts.Add($"Values: {string.Join(", ", values)}.");
            if (option.HasDefaultValue && Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture) is { Length: > 0 } value)
                parts.Add($"Default: {value}.");
        }

        return string.Join(' ', parts);
    }

    private static void WriteRows(TextWriter output, string heading, IEnumerable<(string Left, string Right)> rows, int columns,
        int left = LeftColumns)
    {
        (string Left, string Right)[] all = [.. rows];
        if (all.Length == 0) return;
        output.WriteLine($"\n{heading}:");
        foreach ((string name, string text) in all)
        {
            // A long name stands alone, and its text on the next line.
            string start = $"  {name}";
            bool alone = start.Length > left - 2;
            if (alone) output.WriteLine(start);
            WriteWrapped(output, (alone ? "" : start).PadRight(left), text, columns);
        }
    }

    private static void WriteWrapped(TextWriter output, string start, string text, int columns)
    {
        int room = Math.Max(20, columns - start.Length);
        string line = start;
        int used = 0;
        foreach (string word in text.Split(' '))
        {
            if (used > 0 && used + 1 + word.Length > room)
            {
                output.WriteLine(line);
                line = new string(' ', start.Length);
                used = 0;
            }

            line += used > 0 ? " " + word : word;
            used += (used > 0 ? 1 : 0) + word.Length;
        }

        output.WriteLine(line.TrimEnd());
    }

    private static int TerminalWidth() => Console.IsOutputRedirected || Console.WindowWidth < 40 ? int.MaxValue : Console.WindowWidth;
}
