using System.CommandLine;
using Spectre.Console;
using Swan.MLNet;
using Swan.MLNet.Data;
using Swan.MLNet.Imaging;
using Swan.Training;
using Swan.Training.Commands;

var root = new RootCommand("swan: train, export, evaluate and search with SWAN, text and image retrieval for overhead imagery.")
{
    TrainCommand.Create(),
    ExportCommand.Create(),
    EvaluateCommand.Create(),
    SearchCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
}
catch (Exception e) when (e is SwanDataException or SwanFormatException or SwanImageException or SwanTrainingException or ArgumentException or FormatException or IOException or InvalidOperationException or DllNotFoundException)
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
