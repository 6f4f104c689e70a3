namespace Swan.MLNet.Search;

/// <summary>An index already has a writer, in this process or in another one; the message names it.</summary>
public sealed class SwanIndexLockedException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Who writes, since when, and what to do.</param>
    /// <param name="processId">The writer's process; null where it isn't known.</param>
    /// <param name="host">The writer's machine; null where it isn't known.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanIndexLockedException(string message, int? processId, string? host, Exception? innerException = null)
        : base(message, innerException) => (ProcessId, Host) = (processId, host);

    /// <summary>The writer's process; null where it isn't known.</summary>
    public int? ProcessId { get; }

    /// <summary>The writer's machine; null where it isn't known.</summary>
    public string? Host { get; }
}
