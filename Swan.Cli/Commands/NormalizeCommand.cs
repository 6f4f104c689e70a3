using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Numerics;
using Swan.Training.Evaluation;
using Swan.Training.Export;

namespace Swan.Cli.Commands;

/// <summary><c>swan normalize</c>: a model file whose text tower has querybank normalization.</summary>
internal static class NormalizeCommand
{
    private static readonly QuerybankOptions Defaults = new();
    // The included model has querybank normalization already, so there is no default.
    private static readonly Option<string> Model = SharedOptions.Model();
    private static readonly Option<string> Data = SharedOptions.Data(
        "Captioned images that the model was trained on, such as train.jsonl or the data folder. Never those it is evaluated on.");
    private static readonly Option<string?> Images = SharedOptions.ImagesOfData();
    private static readonly Option<string> Split = SharedOptions.Split("train");
    private static readonly Option<bool> SkipMissing = SharedOptions.SkipMissing();
    private static readonly Option<string> Out =
        new("--out") { Description = "Model file to write.", HelpName = "file.swan", Required = true };
    private static readonly Option<int> Bank = new NumberOption<int>("--bank")
    {
        Description = "Number of training images in the bank, drawn at random: 2 to 65536.", HelpName = "n",
        DefaultValueFactory = _ => Defaults.Images,
    };
    private static readonly Option<double> Temperature = new NumberOption<double>("--temperature")
    {
        Description = "Softmax temperature, 0.01 to 1. Lower values count only the most similar images.", HelpName = "n",
        DefaultValueFactory = _ => Defaults.Temperature,
    };
    private static readonly Option<int> Seed =
        new NumberOption<int>("--seed") { Description = "Seed of the draw.", HelpName = "n", DefaultValueFactory = _ => Defaults.Seed };
    private static readonly Option<SwanDevice> Device = SharedOptions.Device();
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand(
            "normalize", "Writes a model file with querybank normalization. Image-to-text results improve; text-to-image rankings do not "
                + "change.",
            "swan normalize --model rsicd.swan --data data/train.jsonl --images data/images --out normalized.swan")
            .With("Input", Model, Data, Images, Split, SkipMissing).With("Normalization", Bank, Temperature, Seed)
            .With("Output", Out, Json).With("Machine", Device).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Out);
        ModelFile.CheckOutput(path);
        var options = new QuerybankOptions
        {
            Images = parsed.GetValue(Bank), Temperature = parsed.GetValue(Temperature), Seed = parsed.GetValue(Seed),
                Device = parsed.GetRequiredValue(Device),
        };
        options.Validate("--bank", "--temperature");
        SwanModelFile model = SwanModelFile.Read(parsed.GetRequiredValue(Model));
        CaptionedImageSet set = CaptionedImageSet.Read(parsed.GetRequiredValue(Data), parsed.GetValue(Images),
            parsed.GetRequiredValue(Split), parsed.GetValue(SkipMissing));
        MissingImages.Say(set);
        bool asJson = parsed.GetValue(Json);
        JsonOutput.Notes(asJson)
            .WriteLine($"{model.Card.Name}: embedding up to {Math.Min(options.Images, set.Images.Count)} of "
                + $"{Counted.Of(set.Images.Count, "image")} of {set.Name}.");
        SwanModelFile normalized = QuerybankNormalization.Apply(
            model, set, options, out IReadOnlyList<ImageIdentity> bank, cancellationToken: cancellation);
        cancellation.ThrowIfCancellationRequested();
        normalized.Save(path);
        LearnedImages learned = LearnedImages.Compare(model.LearnedImages, bank, cancellation);
        JsonOutput.Notes(asJson).WriteLine(
            $"{learned.Sentence(measured: false)} The bank counts as learned from now on: don't measure on its images.");
        if (asJson)
        {
            JsonObject json = ToJson(normalized.Card, path);
            json["learnedImages"] = LearnedImagesJson.Create(learned);
            JsonOutput.Write(json);
            return ExitCode.Done;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: normalized against {Counted.Of(normalized.Card.Querybank!.Images, "image")}, "
                + $"{new FileInfo(path).Length / 1e6:F1} MB, {normalized.Card.EmbeddingSize} values per embedding."));
        return ExitCode.Done;
    }

    private static JsonObject ToJson(ModelCard card, string path) => new()
    {
        ["file"] = path,
        ["bytes"] = new FileInfo(path).Length,
        ["name"] = card.Name,
        ["embeddingSize"] = card.EmbeddingSize,
        ["querybank"] = new JsonObject
        {
            ["data"] = card.Querybank!.Data, ["images"] = card.Querybank.Images, ["temperature"] = card.Querybank.Temperature,
        },
    };
}
