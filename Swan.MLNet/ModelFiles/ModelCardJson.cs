using System.Text.Encodings.Web;
using System.Text.Json;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

/// <summary><c>card.json</c>: writing, reading, and the checks that need no other entry of the model file.</summary>
internal static class ModelCardJson
{
    private const int MaxEmbeddingSize = 65_536;
    private const int MaxSide = 8_192;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
        // The card is a file of its own, never part of a page: keep it readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Write(ModelCard card) => JsonSerializer.SerializeToUtf8Bytes(card, Options);

    /// <summary>Reads and checks a card.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">The model file's name, for messages.</param>
    /// <exception cref="SwanFormatException">It is not a card that this version can use.</exception>
    public static ModelCard Read(ReadOnlySpan<byte> json, string name)
    {
        // The version comes first: a newer card may have another shape, and "update" is the answer then, not "field X is missing".
        ValidateVersion(json, name);
        ModelCard card;
        try
        {
            card = JsonSerializer.Deserialize<ModelCard>(json, Options)
                ?? throw new SwanFormatException(
                    $"The card of '{name}' is the JSON value null; expected an object. The file is damaged: export the model again.");
        }
        catch (JsonException e)
        {
            throw new SwanFormatException(
                $"The card of '{name}' can't be read: {e.Message} The file is damaged or was not written by Swan: export the model again.",
                e);
        }
        Check(card, name);
        return card;
    }

    /// <summary>Refuses a card whose contents contradict themselves or that this version doesn't implement.</summary>
    public static void Check(ModelCard card, string name)
    {
        var faults = new List<string>();
        void Require(bool holds, string fault)
        {
            if (!holds) faults.Add(fault);
        }

        Require(!string.IsNullOrWhiteSpace(card.Name), "the name is empty");
        Require(Enum.IsDefined(card.Variant), $"the variant {card.Variant} is unknown");
        Require(card.EmbeddingSize is >= 1 and <= MaxEmbeddingSize,
            $"the embedding size is {card.EmbeddingSize}, expected 1 to {MaxEmbeddingSize}");
        ImagePreprocessing image = card.Image;
        Require(image.Size is >= 1 and <= MaxSide, $"the image size is {image.Size}, expected 1 to {MaxSide} pixels");
        Require(image.Mean.Count == 3 && image.Mean.All(float.IsFinite), "the mean is not three finite numbers");
        Require(image.Std.Count == 3 && image.Std.All(d => float.IsFinite(d) && d > 0), "the deviation is not three numbers above 0");
        TextContract text = card.Text;
        Require(!string.IsNullOrWhiteSpace(text.Contract), "the text contract has no name");
        Require(text.MaxLength >= 1, $"the longest caption has {text.MaxLength} tokens, expected at least 1");
        Require(text.VocabularySize >= 1, $"the vocabulary has {text.VocabularySize} ids, expected at least 1");
        Require(
            text.Padding == SwanPadding.Masked ? text.PaddedLength == 0 : text.Padding == SwanPadding.Fixed && text.PaddedLength >= 1,
            $"padding '{text.Padding}' with a padded length of {text.PaddedLength} is contradictory: "
            + "masked goes with 0, fixed with at least 1");
        Require(card.Variant != SwanVariant.Canonical || text.Padding == SwanPadding.Masked, "a canonical model pads with 'masked' only");
        if (card.Querybank is { } bank)
        {
            Require(card.EmbeddingSize >= 2,
                $"the embedding size is {card.EmbeddingSize}, but a querybank's value comes beside at least one other");
            Require(bank.Images >= 2, $"the querybank has {bank.Images} images, expected at least 2");
            Require(bank.Temperature is > 0 and <= 1,
                $"the querybank's temperature is {bank.Temperature}, expected a number above 0 and up to 1");
        }
        if (faults.Count > 0)
            throw new SwanFormatException($"The card of '{name}' is not valid: {string.Join("; ", faults)}. Export the model again.");

        if (image.Contract != ImagePreprocessing.SwanImage1)
        {
            throw new SwanFormatException(
                $"'{name}' was trained with preprocessing '{image.Contract}', but this version ({SwanVersion}) implements only "
                + $"'{ImagePreprocessing.SwanImage1}'. "
                + "It was not loaded, because its embeddings would be silently wrong. Update Swan.MLNet, or export the model again with "
                + $"{ImagePreprocessing.SwanImage1}.");
        }
    }

    private static string SwanVersion => typeof(ModelCardJson).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private static void ValidateVersion(ReadOnlySpan<byte> json, string name)
    {
        int? version = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new SwanFormatException(
                    $"The card of '{name}' is not a JSON object. The file is damaged or was not written by Swan: export the model again.");
            }
            while (version is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isVersion = reader.ValueTextEquals("formatVersion");
                reader.Read();
                if (isVersion && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int number)) version = number;
                else reader.Skip();
            }
        }
        catch (JsonException e)
        {
            throw new SwanFormatException(
                $"The card of '{name}' is not JSON: {e.Message} The file is damaged or was not written by Swan: export the model again.",
                e);
        }
        if (version is null)
        {
            throw new SwanFormatException(
                $"The card of '{name}' doesn't say its format version ('formatVersion', a number). It was not written "
                + "by Swan: export the model again.");
        }
        if (version != ModelCard.CurrentFormatVersion)
        {
            throw new SwanFormatException(
                $"'{name}' has model format version {version}, but this version of Swan.MLNet ({SwanVersion}) reads version "
                + $"{ModelCard.CurrentFormatVersion}. "
                + (version > ModelCard.CurrentFormatVersion
                    ? "Update Swan.MLNet, or export the model again with this version."
                    : "Export the model again with this version."));
        }
    }
}
