using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.Network;

namespace Swan.Training;

/// <summary>The shape of the network that a model file was exported from, as its card tells it.</summary>
internal static class ModelFileShape
{
    private const string Prefix = "network.";
    private static readonly string RowsOption = SwanTrainerOptionsJson.NameOf(nameof(SwanNetworkOptions.VocabularyRows));

    /// <summary>Puts the shape together.</summary>
    /// <exception cref="SwanFormatException">The card describes no network that this version can build.</exception>
    public static SwanNetworkOptions Of(SwanModelFile file)
    {
        ModelCard card = file.Card;
        SwanNetworkOptions shape = Trained(file) with
        {
            Variant = card.Variant,
            Backbone = card.Backbone,
            ImageSize = card.Image.Size,
            // A normalized model has one value more, which no network has made.
            EmbeddingSize = card.EmbeddingSize - (card.Querybank is null ? 0 : 1),
            UseVmsf = card.Modules.Contains("vmsf"),
            UseSfgs = card.Modules.Contains("sfgs"),
            UseTcge = card.Modules.Contains("tcge"),
            VocabularyRows = Rows(card),
            TextTower = Enum.GetValues<SwanTextTower>().FirstOrDefault(t => t.TokenizerContract() == card.Text.Contract),
        };
        List<string> faults = [.. shape.Faults()];
        if (faults.Count == 0 && !ScalesPixelsAs(SwanBackbones.PreprocessingFor(shape), card.Image))
            faults.Add($"Its image scaling (image.mean, image.std) differs from that of {shape.Backbone} in training.");
        if (faults.Count == 0) return shape;
        throw new SwanFormatException(
            $"The card of '{file.Name}' describes a network that this version can't build: {string.Join(' ', faults)} Update "
            + "Swan.Training, or start from another model.");
    }

    private static bool ScalesPixelsAs(ImagePreprocessing trained, ImagePreprocessing served) =>
        trained.Mean.SequenceEqual(served.Mean) && trained.Std.SequenceEqual(served.Std);

    // A table has a row for each id, or those of its training, unless words were left out since.
    private static int Rows(ModelCard card) => card.TrainedVocabularySize is null
        && int.TryParse(card.Training.GetValueOrDefault(Prefix + RowsOption), CultureInfo.InvariantCulture, out int trained)
        ? Math.Max(trained, card.Text.VocabularySize) : card.Text.VocabularySize;

    // What the card's own fields don't say stands among the options that the model was trained with.
    private static SwanNetworkOptions Trained(SwanModelFile file)
    {
        JsonObject shape = JsonSerializer.SerializeToNode(new SwanNetworkOptions(), SwanTrainerOptionsJson.Format)!.AsObject();
        foreach ((string name, string value) in EarlierOptionNames.ToPresent(file.Card.Training))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !shape.ContainsKey(name[Prefix.Length..])) continue;
            shape[name[Prefix.Length..]] = shape[name[Prefix.Length..]]!.GetValueKind() == JsonValueKind.String
                ? JsonValue.Create(value) : Parsed(file, name, value);
        }
        try
        {
            return shape.Deserialize<SwanNetworkOptions>(SwanTrainerOptionsJson.Format)!;
        }
        catch (JsonException e)
        {
            throw new SwanFormatException(
                $"The card of '{file.Name}' has training options that this version doesn't know: {e.Message}", e);
        }
    }

    private static JsonNode? Parsed(SwanModelFile file, string name, string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException e)
        {
            throw new SwanFormatException($"The card of '{file.Name}' has the value '{value}' for {name}, which is not valid.", e);
        }
    }
}
