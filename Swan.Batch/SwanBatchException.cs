using Swan.MLNet;

namespace Swan.Batch;

/// <summary>A batch job can't start or continue; the message says why and what to do.</summary>
public sealed class SwanBatchException : SwanException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, what was expected, what it means and what to do.</param>
    /// <param name="canRetry">Whether the same job may succeed later.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanBatchException(string message, bool canRetry = false, Exception? innerException = null) : base(message, innerException) =>
        CanRetry = canRetry;

    /// <summary>Whether the same job may succeed later, such as when another run has not ended.</summary>
    /// <remarks>False: trying again changes nothing.</remarks>
    public bool CanRetry { get; }
}
