namespace Swan.Cli.Outcomes;

/// <summary>The command can't do what it was asked for, for a reason that is not a bug. The message says why and what to do.</summary>
/// <param name="message">For people.</param>
/// <param name="inner">The cause.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
internal sealed class CommandException(string message, Exception? inner = null, int exitCode = Outcomes.ExitCode.Failed)
    : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
