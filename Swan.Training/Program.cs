using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Spectre.Console;
using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Imaging;
using Swan.Training;
using Swan.Training.Commands;

// A plain command, because a RootCommand would call itself by the assembly's name.
var root = new Command("swan", "Trains, exports, evaluates and searches with SWAN: text and image retrieval for overhead imagery.")
{
    new HelpOption(),
    new VersionOption(),
    TrainCommand.Create(),
    ExportCommand.Create(),
    EvaluateCommand.Create(),
    SearchCommand.Create(),
};

ParseResult parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction wrong && parsed.CommandResult.Command != root)
{
    // The whole help would push the reason off the screen.
    wrong.ShowHelp = false;
    await parsed.InvokeAsync();
    Console.Error.WriteLine($"See: swan {parsed.CommandResult.Command.Name} --help");
    return 1;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
}
catch (Exception e) when (e is SwanDataException or SwanFormatException or SwanImageException or SwanTrainingException or ArgumentException or FormatException or IOException or UnauthorizedAccessException or System.Text.Json.JsonException or InvalidOperationException or DllNotFoundException)
{
    AnsiConsole.Profile.Out.Writer.Flush();
    Console.Error.WriteLine($"swan: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("swan: stopped.");
    return 130;
}
