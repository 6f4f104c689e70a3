using System.Runtime.CompilerServices;
using System.Text;

namespace Swan.Cli.Tests;

/// <summary>
/// The swan command in the process of the tests, for those that ask what it says and not what the process does: starting one costs a
/// second of a processor. What a command writes to the console is its own, however many run at once.
/// </summary>
internal static class SwanCalls
{
    // Trainings set what a process has one of: seeds, threads. The others say how fast or what the process is.
    private static readonly string[] s_needProcess = ["train", "bench", "doctor", "--version"];

    private static readonly AsyncLocal<(StringWriter Output, StringWriter Errors)?> s_call = new();

    /// <summary>Whether a command can run here; in a terminal some show a bar instead of lines.</summary>
    public static bool CanRun(string[] arguments) =>
        Console.IsOutputRedirected && !arguments.Any(argument => s_needProcess.Contains(argument));

    /// <summary>Runs it to its end.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> Run(string[] arguments) => Task.Run(async () =>
    {
        (StringWriter output, StringWriter errors) = (new StringWriter(), new StringWriter());
        s_call.Value = (output, errors);
        int code = await SwanCommand.RunAsync(arguments);
        return (code, $"{output}", $"{errors}");
    });

    [ModuleInitializer]
    internal static void Route()
    {
        Console.SetOut(new Routed(Console.Out, call => call.Output));
        Console.SetError(new Routed(Console.Error, call => call.Errors));
    }

    /// <summary>Writes where the command that writes is listened to.</summary>
    private sealed class Routed(TextWriter others, Func<(StringWriter Output, StringWriter Errors), TextWriter> of) : TextWriter
    {
        public override Encoding Encoding => others.Encoding;

        public override void Write(char value) => Now.Write(value);

        public override void Write(char[] buffer, int index, int count) => Now.Write(buffer, index, count);

        public override void Write(string? value) => Now.Write(value);

        public override void WriteLine(string? value) => Now.WriteLine(value);

        public override void Flush() => Now.Flush();

        private TextWriter Now => s_call.Value is { } call ? of(call) : others;
    }
}
