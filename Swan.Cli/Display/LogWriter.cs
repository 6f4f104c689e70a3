using System.Text;

namespace Swan.Cli.Display;

/// <summary>Writes lines about work, and ignores failures: a log's full disk must not end a training or a job.</summary>
internal sealed class LogWriter(TextWriter log) : TextWriter
{
    public override Encoding Encoding => log.Encoding;

    public override void Write(char value) => Try(() => log.Write(value));

    public override void Write(string? value) => Try(() => log.Write(value));

    public override void WriteLine(string? value) => Try(() => log.WriteLine(value));

    public override void Flush() => Try(log.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // What is written later may find room again.
        }
    }
}
