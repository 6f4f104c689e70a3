namespace Swan.Cli.Outcomes;

/// <summary>The command line is wrong. The message says what was found and what was expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
