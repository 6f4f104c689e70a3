using System.Globalization;

namespace Swan.MLNet.Search;

/// <summary>One part of a <see cref="SwanQuery"/>.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Value">The text, the path or the key.</param>
/// <param name="Embedding">The values of an embedding, else null.</param>
/// <param name="Weight">1e-30 to 1e30, or the negative.</param>
internal sealed record QueryPart(QueryPartKind Kind, string Value, float[]? Embedding, double Weight)
{
    /// <summary>The part in words, with its sign.</summary>
    public string Say(bool isFirst)
    {
        string sign = Weight < 0 ? isFirst ? "-" : "- " : isFirst ? "" : "+ ";
        string times = Math.Abs(Weight) == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(Weight)} × ");
        return Kind == QueryPartKind.Embedding
            ? $"{sign}{times}{Value}"
            : $"{sign}{times}{Kind.ToString().ToLowerInvariant()} '{Value}'";
    }
}
