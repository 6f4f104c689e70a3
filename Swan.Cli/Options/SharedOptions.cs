using System.CommandLine;
using Swan.MLNet;

namespace Swan.Cli.Options;

/// <summary>Options that several commands have, so that they have one name, one form and one text.</summary>
internal static class SharedOptions
{
    /// <summary>A model that was exported; commands that can use the model inside the library take <see cref="OptionalModel"/>.</summary>
    public static Option<string> Model(string description = "Model file, as 'swan export' writes it.") =>
        new("--model") { Description = description, HelpName = "file.swan", Required = true };

    public static Option<string?> OptionalModel() =>
        new("--model") { Description = "Model file, as 'swan export' writes it. Default: the included model.", HelpName = "file.swan" };

    public static Option<string> Data(
        string description = "Captioned images: JSON lines such as val.jsonl, a dataset_*.json, a *_caps.txt, or a folder that "
            + "'swan train' takes.") =>
        new("--data") { Description = description, HelpName = "file|folder", Required = true };

    public static Option<string?> ImagesOfData() => new("--images")
    {
        Description = "Folder that holds the images of --data. Default: 'images' beside or inside --data.", HelpName = "folder",
    };

    /// <summary>Which images of a data set that holds several splits.</summary>
    public static Option<string> Split(string given) => new("--split")
    {
        Description = "If --data is a folder or a dataset_*.json: the split to use, such as train, val or test.", HelpName = "name",
        DefaultValueFactory = _ => given,
    };

    public static Option<bool> SkipMissing() => new("--skip-missing")
    {
        Description = "Skip missing images of --data and count them. Default: an error.",
    };

    public static Option<string> Images(string description) =>
        new("--images") { Description = description, HelpName = "folder", Required = true };

    public static Option<string> Run() =>
        new("--run") { Description = "Folder of the training run.", HelpName = "folder", Required = true };

    public static Option<string?> Queries() =>
        new("--queries") { Description = "Also measure precision at 10 of these queries: JSON lines with query and scenes.",
            HelpName = "file.jsonl" };

    public static Option<string?> HeldOutModel(string description) =>
        new("--held-out-model") { Description = description, HelpName = "file.swan" };

    public static Option<bool> Json(string description = "Print JSON on standard output.") =>
        new("--json") { Description = description };

    public static Option<SwanDevice> Device()
    {
        var device = new Option<SwanDevice>("--device")
        {
            Description = "Device to run on. 'auto' takes a GPU if one works.",
            HelpName = "auto|cpu|cuda[:N]",
            DefaultValueFactory = _ => SwanDevice.Auto,
            CustomParser = given =>
            {
                try
                {
                    return SwanDevice.Parse(given.Tokens[0].Value);
                }
                catch (FormatException e)
                {
                    given.AddError($"--device: {e.Message}");
                    return default;
                }
            },
        };
        device.CompletionSources.Add("auto", "cpu", "cuda");
        return device;
    }

    public static Option<int> Rotations()
    {
        var rotations = new NumberOption<int>("--rotations")
        {
            Description = "Quarter turns averaged into each image's embedding.", HelpName = "n", DefaultValueFactory = _ => 1,
        };
        rotations.AcceptOnlyFromAmong("1", "2", "4");
        return rotations;
    }

    /// <param name="description">What it does; null: what it does for images.</param>
    public static Option<double?> MinProbability(string? description = null) => new OptionalNumberOption<double>("--min-probability")
    {
        Description = description ?? "Report \"nothing found\" if the probability that any image fits is below this, 0 to 1; 0 shows all. "
            + "Default: the model's calibrated limit.",
        HelpName = "p", Fault = p => p is >= 0 and <= 1 ? null : "expected 0 to 1",
    };

    /// <summary>Refuses numbers outside of a range while the command line is read.</summary>
    public static NumberOption<int> Within(this NumberOption<int> option, int least, int most = int.MaxValue)
    {
        string expected = most == int.MaxValue ? $"{least} or more" : $"{least} to {most}";
        option.Fault = value => value < least || value > most ? $"expected {expected}" : null;
        return option;
    }
}
