namespace Swan.Batch;

/// <summary>What the job tells its scheduler; numbers from 64 up are those of BSD's sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>Every row of the shard is in a chunk or, with its reason, in a side file.</summary>
    public const int Done = 0;

    /// <summary>The same, but more rows are bad than <c>--max-bad</c> allows. Trying again changes nothing.</summary>
    public const int TooManyBadRows = 1;

    /// <summary>Arguments, model, list or output folder can't be used. Trying again changes nothing.</summary>
    public const int Unusable = 2;

    /// <summary>A defect of the program (EX_SOFTWARE); its stack trace is printed.</summary>
    public const int Defect = 70;

    /// <summary>Reading or writing failed on the way (EX_IOERR). Whole chunks are kept; the same command goes on.</summary>
    public const int InputOutput = 74;

    /// <summary>Stopped by SIGTERM or Ctrl+C, or the shard is another process's at the moment (EX_TEMPFAIL). Whole chunks are kept; the same command goes on.</summary>
    public const int TryAgain = 75;

    public const string Help =
        """
        Exit codes:
          0   all rows of the shard are done
          1   all rows are done, but more of them are bad than --max-bad allows    (don't retry)
          2   arguments, model, list or output folder can't be used                (don't retry)
          70  a defect of this program
          74  reading or writing failed, e.g. a full disk; whole chunks are kept   (retry)
          75  stopped by SIGTERM or Ctrl+C, or another process is at this shard;
              whole chunks are kept                                                (retry)
          Killed (137) or crashed: retry. The same command goes on after the last whole chunk.
        """;
}

/// <summary>The job can't start as it was asked to; the message says why and what to do.</summary>
internal sealed class UnusableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The job can't go on now, but can later.</summary>
internal sealed class TryAgainException(string message) : Exception(message);
