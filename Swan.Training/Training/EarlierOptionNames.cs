using System.Text.Json.Nodes;

namespace Swan.Training;

/// <summary>What earlier versions called options and their values: model files and runs outlive the names.</summary>
internal static class EarlierOptionNames
{
    /// <summary>Earlier names, as dotted in model cards, and the present ones.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["backboneStatistics"] = "batchNormMode",
        ["learnValidation"] = "trainOnValidation",
        ["maximumWords"] = "maxWords",
        ["minimumWordCount"] = "minWordCount",
        ["smallestCrop"] = "minCrop",
        ["textInBfloat16"] = "precision",
    };

    // Those that a configuration may still have.
    private static readonly HashSet<string> StillRead = ["textInBfloat16"];

    /// <summary>Present names with earlier values, and the present values.</summary>
    private static readonly Dictionary<(string Name, string Value), string> Values = new()
    {
        [("batchNormMode", "fixed")] = "eval",
        [("batchNormMode", "move")] = "train",
        [("network.backbone", "compact")] = "small_convnet",
        [("precision", "false")] = "float32",
        [("precision", "true")] = "bfloat16_text",
    };

    /// <summary>What a model's card says of its training, in present names and values.</summary>
    /// <param name="training">A card's, of this version or an earlier one. What it has under both names keeps the present one.</param>
    public static IReadOnlyDictionary<string, string> ToPresent(IReadOnlyDictionary<string, string> training)
    {
        var present = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in training)
        {
            string now = Names.GetValueOrDefault(name, name);
            if (now == name || !training.ContainsKey(now)) present[now] = Values.GetValueOrDefault((now, value), value);
        }

        return present;
    }

    /// <summary>The earlier names and values in a configuration, each as a sentence's part that says what it is now.</summary>
    public static IReadOnlyList<string> Find(JsonObject configuration)
    {
        var found = new List<string>();
        Walk("", configuration);
        return found;

        void Walk(string prefix, JsonObject node)
        {
            foreach ((string name, JsonNode? value) in node)
            {
                if (StillRead.Contains(prefix + name)) continue;
                if (value is JsonObject inner) Walk(prefix + name + ".", inner);
                string now = Names.GetValueOrDefault(prefix + name, prefix + name);
                string? renamed = value is JsonValue ? Values.GetValueOrDefault((now, value.ToString())) : null;
                if (now != prefix + name)
                {
                    found.Add(
                        $"'{prefix + name}' is now '{now}'" + (renamed is null ? "" : $", and its value '{value}' is now '{renamed}'"));
                }
                else if (renamed is not null) found.Add($"the value '{value}' of '{now}' is now '{renamed}'");
            }
        }
    }
}
