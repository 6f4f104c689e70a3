using Swan.Batch;

namespace Swan.Cli.Outcomes;

/// <summary>What each exit code of <c>swan</c> means: the only table of them. Numbers from 64 up are those of BSD's sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked for.</summary>
    public const int Done = BatchExitCode.Done;

    /// <summary>It could not be done: an input is wrong or missing, or the result is not good enough. The same command fails
    /// again.</summary>
    public const int Failed = BatchExitCode.Failed;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = BatchExitCode.Usage;

    /// <summary>There was input, but none of it could be used, or less than a batch job's <c>--max-bad</c> asks for.</summary>
    public const int TooManyBadRows = BatchExitCode.TooManyBadRows;

    /// <summary>A bug in swan (EX_SOFTWARE); its stack trace is printed.</summary>
    public const int Defect = BatchExitCode.Defect;

    /// <summary>Reading or writing failed on the way (EX_IOERR).</summary>
    public const int InputOutput = BatchExitCode.InputOutput;

    /// <summary>Something is in use, was interrupted or ran out of memory (EX_TEMPFAIL): the same command can work later.</summary>
    public const int TryAgain = BatchExitCode.TryAgain;

    /// <summary>Stopped by a signal: 128 and the number of SIGINT, as shells say it. A batch job says <see cref="TryAgain"/>.</summary>
    public const int Stopped = 130;

    /// <summary>The table as <c>swan --help</c> shows it.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Table { get; } =
    [
        (Done, "done"),
        (Failed, "could not be done: an input is wrong or missing"),
        (Usage, "the command line is wrong"),
        (TooManyBadRows, "done, but too many images are bad, or all"),
        (Defect, "a bug in swan; the stack trace is printed"),
        (InputOutput, "reading or writing failed, for example a full disk; try again"),
        (TryAgain, "in use, interrupted or out of memory; try again"),
        (Stopped, "stopped by Ctrl+C, SIGTERM or SIGHUP"),
    ];
}
