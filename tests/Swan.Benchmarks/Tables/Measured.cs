using System.Text.Json.Nodes;

namespace Swan.Benchmarks.Tables;

/// <summary>What one command of this program measured, read from its <c>--json</c>.</summary>
/// <param name="Figures">The command's figures.</param>
internal sealed record Measured(JsonNode Figures)
{
    // What commands call the share of the processors that others took.
    private static readonly string[] s_shares = ["othersShare", "others", "othersThen"];

    /// <summary>Runs the command as a process of its own, shows what it prints, and reads its figures.</summary>
    /// <param name="folder">Gets <c>COMMAND.json</c>, or another name.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="arguments">The command and its options.</param>
    public static Measured By(string folder, string name, params string[] arguments)
    {
        string path = Path.Combine(folder, $"{name}.json");
        Console.WriteLine($"\n{string.Join(' ', arguments)}");
        ChildProcess.Show([.. arguments, "--json", path]);
        return new(JsonNode.Parse(File.ReadAllText(path))!["figures"]!);
    }

    /// <summary>The largest share of the processors that others took in any of its measurements; NaN where it says none.</summary>
    public double OthersShare => Shares(Figures).DefaultIfEmpty(double.NaN).Max();

    /// <summary>A number by its way through the document, such as <c>ratios/overStock</c>.</summary>
    public double this[string way] => Node(way).GetValue<double>();

    /// <summary>A number of the row of a list whose field <paramref name="by"/> is <paramref name="value"/>.</summary>
    public double Row(string list, string by, string value, string field) => Row(list, field, (by, value));

    /// <summary>A number of the first row of a list that has all these values.</summary>
    public double Row(string list, string field, params (string By, string Value)[] values) =>
        (Rows(list).FirstOrDefault(row => values.All(v => row[v.By]!.ToString() == v.Value)) ?? throw new InvalidDataException(
            $"the figures' '{list}' has no row with {string.Join(", ", values.Select(v => $"{v.By} '{v.Value}'"))}."))[field]!
            .GetValue<double>();

    /// <summary>The rows of a list.</summary>
    public IEnumerable<JsonNode> Rows(string list) => Node(list).AsArray().Select(row => row!);

    // NaN, where the system doesn't tell, is a text.
    private static IEnumerable<double> Shares(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Value is JsonValue value && s_shares.Contains(field.Key)
            ? value.TryGetValue(out double share) ? [share] : (double[])[]
            : Shares(field.Value)),
        JsonArray items => items.SelectMany(Shares),
        _ => [],
    };

    private JsonNode Node(string way) => way.Split('/').Aggregate(Figures, (node, part) => node[part]
        ?? throw new InvalidDataException($"the figures have no '{way}'."));
}
