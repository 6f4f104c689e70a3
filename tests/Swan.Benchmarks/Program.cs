using System.CommandLine;
using System.Globalization;
using Swan.Benchmarks.Commands;
using Swan.MLNet;

if (args is [StartChild.Name, .. string[] started]) return StartChild.Run(started);
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var root = new RootCommand(
    "Measures Swan on this machine: speed beside stock ML.NET and bare ONNX Runtime, memory, threads, "
    + "hostile files, windows of large TIFFs, portable pipelines, texts in other characters, satellite data, perceptual hashes, "
    + "decoding, training steps, search, filters, near-duplicates, living indexes, places in scenes, starts, what limits them.")
{
    PipelineCommand.Create(),
    LimitsCommand.Create(),
    RatesCommand.Create(),
    TraceCommand.Create(),
    TableCommand.Create(),
    BatchesCommand.Create(),
    ThreadsCommand.Create(),
    HostileCommand.Create(),
    TiffCommand.Create(),
    MemoryCommand.Create(),
    StartCommand.Create(),
    BombsCommand.Create(),
    PortableCommand.Create(),
    TextsCommand.Create(),
    CaptionsCommand.Create(),
    RangesCommand.Create(),
    LooksCommand.Create(),
    DecodingCommand.Create(),
    ScaledCommand.Create(),
    StepCommand.Create(),
    SearchCommand.Create(),
    DuplicatesCommand.Create(),
    LiveCommand.Create(),
    FiltersCommand.Create(),
    MosaicCommand.Create(),
    SceneRecallCommand.Create(),
    SceneIndexCommand.Create(),
    SceneServerCommand.Create(),
    MeasureCommand.Create(),
};

try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is SwanException or InvalidDataException or ArgumentException or IOException
    or UnauthorizedAccessException or InvalidOperationException or NotSupportedException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
