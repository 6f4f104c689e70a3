namespace Swan.Cli.Outcomes;

/// <summary>What each exit code of <c>swan</c> means: the only table of them. Numbers from 64 up are those of BSD's sysexits.h.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked for.</summary>
    public const int Done = 0;

    /// <summary>It could not be done: an input is wrong or missing, or the result is not good enough. The same command fails
    /// again.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>There was input, but none of it could be used: no image of a folder could be embedded.</summary>
    public const int NothingEmbedded = 3;

    /// <summary>A bug in swan (EX_SOFTWARE); its stack trace is printed.</summary>
    public const int Defect = 70;

    /// <summary>Reading or writing failed on the way (EX_IOERR).</summary>
    public const int InputOutput = 74;

    /// <summary>Something is in use or was interrupted (EX_TEMPFAIL): the same command can work later.</summary>
    public const int TryAgain = 75;

    /// <summary>Stopped by Ctrl+C: 128 and the number of SIGINT, as shells say it.</summary>
    public const int Stopped = 130;

    /// <summary>The table as <c>swan --help</c> shows it.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Table { get; } =
    [
        (Done, "done"),
        (Failed, "could not be done: an input is wrong or missing"),
        (Usage, "the command line is wrong"),
        (NothingEmbedded, "no image could be embedded"),
        (Defect, "a bug in swan; the stack trace is printed"),
        (InputOutput, "reading or writing failed, for example a full disk"),
        (TryAgain, "in use or interrupted; the same command can work later"),
        (Stopped, "stopped by Ctrl+C"),
    ];
}
