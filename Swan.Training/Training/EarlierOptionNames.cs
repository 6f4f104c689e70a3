using System.Text.Json.Nodes;
using Swan.MLNet;
using Swan.MLNet.Datasets;

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

    private const string StratifiedSplit = "stratifiedSplit";
    private static readonly string s_validateBy = SwanTrainerOptionsJson.NameOf(nameof(SwanTrainerOptions.ValidateBy));

    /// <summary>
    /// Gives options whose meaning is kept exactly their present names: a run that divided its images goes on with the same sides.
    /// </summary>
    /// <param name="configuration">Changed in place.</param>
    /// <param name="source">What to call it in an error.</param>
    /// <returns>Whether anything was changed.</returns>
    /// <exception cref="SwanOptionsException">It has an option under both names.</exception>
    public static bool Translate(JsonObject configuration, string source)
    {
        foreach (string earlier in StillRead.Where(e => configuration.ContainsKey(e) && configuration.ContainsKey(Names[e])))
            throw Twice(Names[earlier], earlier, source);
        if (configuration[StratifiedSplit] is not JsonValue value || !value.TryGetValue(out bool stratified)) return false;
        if (configuration.ContainsKey(s_validateBy)) throw Twice(s_validateBy, StratifiedSplit, source);
        configuration.Remove(StratifiedSplit);
        configuration[s_validateBy] = (stratified ? SplitRule.EarlierScene : SplitRule.EarlierRandom).ToString();
        return true;
    }

    private static SwanOptionsException Twice(string present, string earlier, string source) =>
        new($"'{source}' has '{present}' and its earlier name '{earlier}', which may differ. Remove '{earlier}'.");

    /// <summary>What a model's card says of its training, in present names and values.</summary>
    /// <param name="training">A card's, of this version or an earlier one. What it has under both names keeps the present one.</param>
    public static IReadOnlyDictionary<string, string> ToPresent(IReadOnlyDictionary<string, string> training)
    {
        var present = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in training)
        {
            if (name == StratifiedSplit)
            {
                SplitRule split = bool.TryParse(value, out bool stratified) && !stratified
                    ? SplitRule.EarlierRandom : SplitRule.EarlierScene;
                present.TryAdd(s_validateBy, split.ToString());
                continue;
            }
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
                // An earlier value of an earlier name: no version wrote it under the present one.
                else if (renamed is not null && !StillRead.Any(earlier => Names[earlier] == now))
                    found.Add($"the value '{value}' of '{now}' is now '{renamed}'");
            }
        }
    }
}
