using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;

namespace Swan.Training;

/// <summary>Training options as JSON with camelCase names; unknown names are refused, so misspelled options aren't ignored.</summary>
public static class SwanTrainerOptionsJson
{
    internal static JsonSerializerOptions Format { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
    };

    private static readonly JsonDocumentOptions Reading = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Writes options, every property with its value.</summary>
    public static string ToJson(this SwanTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return JsonSerializer.Serialize(options, Format);
    }

    /// <summary>Reads options; those that the JSON leaves out keep their defaults.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What to call it in an error, such as the file's name.</param>
    /// <exception cref="SwanOptionsException">
    /// It isn't JSON, or a name or value in it isn't an option's, or was one only in an earlier version: the message gives the present
    /// one.
    /// </exception>
    public static SwanTrainerOptions Parse(string json, string source = "the options")
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            json = Present(json, source);
            return JsonSerializer.Deserialize<SwanTrainerOptions>(json, Format)
                ?? throw new SwanOptionsException($"'{source}' holds null; expected a JSON object of training options.");
        }
        catch (JsonException e)
        {
            throw new SwanOptionsException(
                $"'{source}' isn't a JSON object of training options: "
                + $"{e.Message} The names are those of {nameof(SwanTrainerOptions)} in camelCase.",
                e);
        }
    }

    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="SwanOptionsException">It isn't JSON, or a name or value in it isn't an option's.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static SwanTrainerOptions Load(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads a configuration file on top of other options, which supply what it leaves out, also in the network.</summary>
    /// <inheritdoc cref="Load(string)" path="/exception"/>
    internal static SwanTrainerOptions Load(string path, SwanTrainerOptions onto)
    {
        string json = File.ReadAllText(path);
        _ = Parse(json, path);
        JsonObject all = JsonSerializer.SerializeToNode(onto, Format)!.AsObject();
        Lay(JsonNode.Parse(Present(json, path), documentOptions: Reading)!.AsObject(), all);
        return Parse(all.ToJsonString(), path);

        static void Lay(JsonObject given, JsonObject onto)
        {
            foreach ((string name, JsonNode? value) in given)
            {
                if (value is JsonObject inner && onto[name] is JsonObject there) Lay(inner, there);
                else onto[name] = value?.DeepClone();
            }
        }
    }

    /// <summary>What an option's property is called in JSON and in model cards.</summary>
    internal static string NameOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    /// <summary>What a model's card says that it was trained with; null where it doesn't say.</summary>
    /// <param name="card">The card.</param>
    /// <param name="property">A property of <see cref="SwanTrainerOptions"/>.</param>
    internal static string? TrainedWith(this ModelCard card, string property) =>
        EarlierOptionNames.ToPresent(card.Training).GetValueOrDefault(NameOf(property));

    /// <summary>Every option as dotted name and text, for the model card. File names lose their folders: a card travels.</summary>
    internal static IReadOnlyDictionary<string, string> Flatten(SwanTrainerOptions options)
    {
        options = options.WithFiles(Path.GetFileName);
        var flat = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Walk("", JsonSerializer.SerializeToNode(options, Format)!.AsObject());
        return flat;

        void Walk(string prefix, JsonObject node)
        {
            foreach ((string name, JsonNode? value) in node)
            {
                if (value is JsonObject inner)
                    Walk(prefix + name + ".", inner);
                else if (value is JsonArray list)
                    flat[prefix + name] = string.Join(", ", list);
                else if (value is not null)
                    flat[prefix + name] = value.ToString();
            }
        }
    }

    // If an earlier name were only unknown, users who continue an earlier run would have to guess the present one.
    private static string Present(string json, string source)
    {
        if (JsonNode.Parse(json, documentOptions: Reading) is not JsonObject configuration) return json;
        IReadOnlyList<string> earlier = EarlierOptionNames.Find(configuration);
        if (earlier.Count > 0)
        {
            throw new SwanOptionsException(
                $"'{source}' was written by an earlier version of Swan, which used other names: {string.Join("; ", earlier)}. "
                + "Rename them there, or start a new run in another folder.");
        }
        return EarlierOptionNames.Translate(configuration, source) ? configuration.ToJsonString() : json;
    }
}
