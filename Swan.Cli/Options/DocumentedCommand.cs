using System.CommandLine;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Options;

/// <summary>A command whose <c>--help</c> shows options under headings and one example.</summary>
internal sealed class DocumentedCommand : Command
{
    private readonly List<(string Heading, Option[] Options)> _groups = [];

    /// <param name="name">As typed after <c>swan</c>.</param>
    /// <param name="description">One or two sentences.</param>
    /// <param name="example">A command line that works when pasted, but for the names of files.</param>
    public DocumentedCommand(string name, string description, string example) : base(name, description) => Example = example;

    public string Example { get; }

    /// <summary>What the help says after the example; null for nothing.</summary>
    public string? Notes { get; init; }

    /// <summary>Options by heading, in the order of the help.</summary>
    public IReadOnlyList<(string Heading, Option[] Options)> Groups => _groups;

    /// <summary>Adds options under a heading.</summary>
    public DocumentedCommand With(string heading, params Option[] options)
    {
        _groups.Add((heading, options));
        foreach (Option option in options)
        {
            if (option.ValueType == typeof(string) || option.ValueType == typeof(string[])) RefuseBlank(option);
            Options.Add(option);
        }

        return this;
    }

    /// <summary>Adds what is given without an option's name.</summary>
    public DocumentedCommand With(Argument argument)
    {
        Arguments.Add(argument);
        return this;
    }

    /// <summary>Sets what the command does.</summary>
    /// <remarks>Its token is canceled at Ctrl+C; a second one ends the process at once.</remarks>
    public DocumentedCommand Runs(Func<ParseResult, CancellationToken, int> action)
    {
        SetAction((parsed, cancellation) => Task.Factory.StartNew(
            () =>
            {
                using var interruption = new Interruption(ExitCode.Stopped, cancellation);
                return action(parsed, interruption.Token);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        return this;
    }

    // A shell's variable that is not set leaves "" where a path should be, which would be the current folder or no path at all.
    private static void RefuseBlank(Option option) => option.Validators.Add(given =>
    {
        if (given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            given.AddError($"{option.Name} is blank; expected a value, as in '{option.Name} {option.HelpName}'.");
    });
}
