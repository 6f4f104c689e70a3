using Swan.Batch;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.Training;

namespace Swan.Cli.Outcomes;

/// <summary>Turns an exception into a message on standard error and an exit code.</summary>
internal static class Failure
{
    /// <summary>Users' errors take one line; bugs take their stack trace.</summary>
    /// <param name="exception">What ended the command.</param>
    /// <param name="command">The command's name as typed, such as <c>swan search</c>.</param>
    /// <param name="errors">Standard error.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Report(Exception exception, string command, TextWriter errors)
    {
        int code = CodeOf(exception);
        errors.WriteLine(code switch
        {
            ExitCode.Stopped => "swan: stopped.",
            ExitCode.TryAgain when exception is OutOfMemoryException =>
                $"swan: the process ran out of memory ({exception.Message.TrimEnd('.')}). Give it more "
                + "memory, or reduce SWAN_MAX_PICTURE_BYTES.",
            ExitCode.Defect => $"swan: this is a bug in swan. Please report it with the text below and the output of 'swan "
                + $"--version'.\n{exception}",
            _ => $"swan: {exception.Message}",
        });
        if (code == ExitCode.Usage) errors.WriteLine($"See: {command} --help");
        return code;
    }

    private static int CodeOf(Exception exception) => exception switch
    {
        UsageException or SwanOptionsException or SwanFilterException => ExitCode.Usage,
        CommandException e => e.ExitCode,
        SwanNothingEmbeddedException => ExitCode.TooManyBadRows,
        SwanIndexLockedException or RunInUseException => ExitCode.TryAgain,
        FileNotFoundException or DirectoryNotFoundException => ExitCode.Failed,
        OperationCanceledException => ExitCode.Stopped,
        _ => BatchExitCode.For(exception),
    };
}
