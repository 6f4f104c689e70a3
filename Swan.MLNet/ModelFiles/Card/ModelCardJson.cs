using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.ModelFiles;

/// <summary><c>card.json</c>: writing and reading, both versions.</summary>
internal static class ModelCardJson
{
    private static readonly ModelCardJsonContext Json = new(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
        AllowDuplicateProperties = false,
        MaxDepth = 16,
        // The card is a file of its own, never part of a page: keep it readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The card in its own format version: a pipeline of a version 1 model is saved with a version 1 card.</summary>
    public static byte[] Write(ModelCard card)
    {
        if (card.FormatVersion > 1) return JsonSerializer.SerializeToUtf8Bytes(card, Json.ModelCard);
        JsonObject earlier = JsonSerializer.SerializeToNode(card, Json.ModelCard)!.AsObject();
        earlier.Remove("compute");
        foreach (string added in (string[])["decode", "range", "bands"]) earlier["image"]!.AsObject().Remove(added);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            earlier.WriteTo(writer);
        return bytes.ToArray();
    }

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
            card = JsonSerializer.Deserialize(json, Json.ModelCard)
                ?? throw new SwanFormatException(
                    $"The card of '{name}' is the JSON value null; expected an object. The file is damaged: export the model again.");
        }
        catch (JsonException e)
        {
            throw new SwanFormatException(
                $"The card of '{name}' can't be read: {e.Message} The file is damaged or was not written by Swan: export the model again.",
                e);
        }
        card = WithDefaults(card);
        if (card.FormatVersion == 1) card = WithoutLaterFields(card);
        ModelCardRules.Check(card, name);
        return card;
    }

    // Generated code sets each init-only property, to null where the JSON doesn't have it.
    private static ModelCard WithDefaults(ModelCard card)
    {
        var image = new ImagePreprocessing();
        return card with
        {
            Modules = card.Modules ?? [],
            Training = card.Training ?? new Dictionary<string, string>(),
            Metrics = card.Metrics ?? [],
            Entries = card.Entries ?? new Dictionary<string, string>(),
            Image = card.Image with
            {
                Contract = card.Image.Contract ?? image.Contract,
                Mean = card.Image.Mean ?? image.Mean,
                Std = card.Image.Std ?? image.Std,
                Range = card.Image.Range ?? image.Range,
                Bands = card.Image.Bands ?? image.Bands,
            },
        };
    }

    // They are not part of version 1, and its fingerprint doesn't cover them, so such a file's values are ignored.
    private static ModelCard WithoutLaterFields(ModelCard card)
    {
        var unset = new ImagePreprocessing();
        return card with
        {
            Image = card.Image with { Decode = unset.Decode, Range = unset.Range, Bands = unset.Bands },
            Compute = SwanComputePrecision.Float32,
            Fingerprint = null,
        };
    }

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
                $"The card of '{name}' has no format version ('formatVersion', a number). It was not written "
                + "by Swan: export the model again.");
        }
        if (version is not (>= 1 and <= ModelCard.CurrentFormatVersion))
        {
            throw new SwanFormatException(
                $"'{name}' has model format version {version}, but this version of Swan.MLNet ({ModelCardRules.SwanVersion}) reads "
                + $"versions 1 to {ModelCard.CurrentFormatVersion}. "
                + (version > ModelCard.CurrentFormatVersion
                    ? "Update Swan.MLNet, or export the model again with this version."
                    : "Export the model again with this version."));
        }
    }
}
