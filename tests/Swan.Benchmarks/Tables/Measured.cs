using System.Text.Json.Nodes;

namespace Swan.Benchmarks.Tables;

/// <summary>What one command of this program measured, read from its <c>--json</c>.</summary>
/// <param name="Figures">The command's figures.</param>
internal sealed record Measured(JsonNode Figures)
{
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

    /// <summary>A number by its way through the document, such as <c>ratios/overStock</c>.</summary>
    public double this[string way] => Node(way).GetValue<double>();

    /// <summary>A number of the row of a list whose field <paramref name="by"/> is <paramref name="value"/>.</summary>
    public double Row(string list, string by, string value, string field) =>
        Node(list).AsArray().First(row => row![by]!.GetValue<string>() == value)![field]!.GetValue<double>();

    private JsonNode Node(string way) => way.Split('/').Aggregate(Figures, (node, part) => node[part]
        ?? throw new InvalidDataException($"the figures have no '{way}'."));
}
