using System.CommandLine;
using Spectre.Console;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.Export;

namespace Swan.Cli.Commands;

/// <summary><c>swan normalize</c>: a model file whose text tower is normalised against training images.</summary>
internal static class NormalizeCommand
{
    private static readonly QuerybankOptions Defaults = new();
    private static readonly Option<string> Model = new("--model") { Description = "The model file (.swan), as 'swan export' wrote it.", Required = true };
    private static readonly Option<string> Data = new("--data") { Description = "JSON lines with image and captions that the model was trained with, such as train.jsonl. Never those that it is measured on.", Required = true };
    private static readonly Option<string> Images = new("--images") { Description = "Folder with the images.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "The model file to write.", Required = true };
    private static readonly Option<int> Bank = new("--bank") { Description = "How many of the images, drawn at random, captions are compared with.", DefaultValueFactory = _ => Defaults.Images };
    private static readonly Option<double> Temperature = new("--temperature") { Description = "What cosines are divided by: the lower, the more do only the closest images count.", DefaultValueFactory = _ => Defaults.Temperature };
    private static readonly Option<int> Seed = new("--seed") { Description = "Which images are drawn.", DefaultValueFactory = _ => Defaults.Seed };
    private static readonly Option<string> Device = new("--device") { Description = "auto, cpu or cuda:N.", DefaultValueFactory = _ => "auto" };

    public static Command Create()
    {
        var command = new Command("normalize", "Writes a model file that no longer finds the same few captions for many images (querybank normalisation). What a caption finds stays as it is.")
        {
            Model, Data, Images, Out, Bank, Temperature, Seed, Device,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Execute(parsed, cancellation), CancellationToken.None)); // or Ctrl+C would find no handler yet
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Out);
        if (Path.GetFileName(path).Length == 0 || Directory.Exists(path)) throw new ArgumentException($"--out is '{path}', which is a folder; expected a file such as {Path.Combine(path, "rsicd.swan")}.");
        var options = new QuerybankOptions
        {
            Images = parsed.GetValue(Bank), Temperature = parsed.GetValue(Temperature), Seed = parsed.GetValue(Seed), Device = SwanDevice.Parse(parsed.GetRequiredValue(Device)),
        };
        options.Validate("--bank", "--temperature");
        SwanModelFile model = SwanModelFile.Read(parsed.GetRequiredValue(Model));
        CaptionedImageSet set = JsonLinesReader.Read(parsed.GetRequiredValue(Data), parsed.GetRequiredValue(Images));
        Console.WriteLine($"{model.Card.Name}: embedding up to {Math.Min(options.Images, set.Images.Count)} of the {set.Images.Count} images of {set.Name}.");
        SwanModelFile normalized = QuerybankNormalization.Apply(model, set, options, cancellationToken: cancellation);
        cancellation.ThrowIfCancellationRequested();
        normalized.Save(path);
        AnsiConsole.MarkupLineInterpolated($"[bold]{path}[/]: normalised against {normalized.Card.Querybank!.Images:N0} images, {new FileInfo(path).Length / 1e6:F1} MB, {normalized.Card.EmbeddingSize} values an embedding.");
        return 0;
    }
}
