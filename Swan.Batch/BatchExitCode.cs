using Swan.MLNet;

namespace Swan.Batch;

/// <summary>Exit codes that tell a scheduler how a batch job ended; those from 64 up are those of BSD's sysexits.h.</summary>
/// <remarks>The same as those of every <c>swan</c> command. Retry after 74 and 75; otherwise, retrying changes nothing.</remarks>
public static class BatchExitCode
{
    /// <summary>Every row is in a Parquet file or, with its reason, in a file of bad rows.</summary>
    public const int Done = 0;

    /// <summary>It failed: a model, a source, a list or an output can't be used, or this user may not use it.</summary>
    public const int Failed = 1;

    /// <summary>The options are wrong.</summary>
    public const int Usage = 2;

    /// <summary>All rows are done, but more of them are bad than <see cref="BatchJobOptions.MaxBadShare"/> allows, or all.</summary>
    public const int TooManyBadRows = 3;

    /// <summary>A defect of the program (EX_SOFTWARE).</summary>
    public const int Defect = 70;

    /// <summary>Reading or writing failed on the way (EX_IOERR).</summary>
    /// <remarks>Finished shards are kept; the same job continues.</remarks>
    public const int InputOutput = 74;

    /// <summary>Stopped, out of memory, or another run has not ended (EX_TEMPFAIL).</summary>
    /// <remarks>Finished shards are kept; the same job continues.</remarks>
    public const int TryAgain = 75;

    /// <summary>The code for a job that ended.</summary>
    /// <param name="report">The result of <c>BatchJob.RunAsync</c>.</param>
    public static int For(BatchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.HasTooManyBadRows ? TooManyBadRows : Done;
    }

    /// <summary>The code for a job that failed.</summary>
    /// <param name="exception">The exception from <c>BatchJob.RunAsync</c>.</param>
    /// <returns><see cref="Defect"/> for exceptions that no job throws on purpose; print the stack trace.</returns>
    public static int For(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            SwanBatchException { CanRetry: true } => TryAgain,
            SwanOptionsException => Usage,
            SwanException or IPassingFailure { MayPass: false } => Failed,
            OperationCanceledException or OutOfMemoryException => TryAgain,
            IOException or UnauthorizedAccessException => InputOutput,
            _ => Defect,
        };
    }
}
