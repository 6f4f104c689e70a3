namespace Swan.MLNet.Search;

/// <summary>An index already has a writer, in this process or in another one; the message names it.</summary>
public sealed class SwanIndexLockedException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">The writer, its start, and the remedy.</param>
    /// <param name="processId">The writer's process; null if unknown.</param>
    /// <param name="host">The writer's machine; null if unknown.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanIndexLockedException(string message, int? processId, string? host, Exception? innerException = null)
        : base(message, innerException) => (ProcessId, Host) = (processId, host);

    /// <summary>The writer's process; null if unknown.</summary>
    public int? ProcessId { get; }

    /// <summary>The writer's machine; null if unknown.</summary>
    public string? Host { get; }
}
