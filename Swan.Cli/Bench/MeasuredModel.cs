using System.Text.Json.Nodes;
using Swan.MLNet.ModelFiles;
using Swan.Training.Network;

namespace Swan.Cli.Bench;

/// <summary>The figures of one model.</summary>
/// <param name="Card">The model's.</param>
/// <param name="Device">What it ran on and why.</param>
/// <param name="Figures">One a kind of work.</param>
internal sealed record MeasuredModel(ModelCard Card, string Device, IReadOnlyList<Figure> Figures)
{
    /// <summary>The model's name with the first figures of its fingerprint, which distinguishes two exports of one run.</summary>
    public string Name => Card.Identity?.ToString() ?? Card.Name;

    public override string ToString() => $"{Name}, {Card.Image.Size}×{Card.Image.Size}, {Compute}, on {Device}";

    private string Compute => JsonEnumNames.For(Card.Compute);

    public JsonObject ToJson() => new()
    {
        ["name"] = Card.Name,
        ["fingerprint"] = Card.Identity?.Fingerprint,
        ["compute"] = Compute,
        ["imageSize"] = Card.Image.Size,
        ["decode"] = JsonEnumNames.For(Card.Image.Decode),
        ["embeddingSize"] = Card.EmbeddingSize,
        ["device"] = Device,
        ["figures"] = new JsonArray([.. Figures.Select(f => f.ToJson())]),
    };
}
