using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>Where in a text another one is looked for.</summary>
internal enum TextMatchKind
{
    Contains,
    StartsWith,
    EndsWith,
}

/// <summary>A column's text has a part.</summary>
internal sealed class TextMatch(string column, TextMatchKind kind, string part) : FilterTerm(column)
{
    private static readonly string[] s_words = ["contains", "starts with", "ends with"];

    public TextMatchKind Kind { get; } = kind;

    public string Part { get; } = part;

    public override string? Fault(SwanColumnType type) => type == SwanColumnType.Text ? null
        : $"'{Name}' is a {ColumnValues.Name(type)} column, but '{s_words[(int)Kind]}' needs text.";

    public override bool Equals(SwanFilter? other) =>
        other is TextMatch same && same.Name == Name && same.Kind == Kind && same.Part == Part;

    public override int GetHashCode() => HashCode.Combine(Name, Kind, Part);

    internal override void Write(StringBuilder text)
    {
        text.Append(Name).Append(' ').Append(s_words[(int)Kind]).Append(' ');
        SwanFilterValue.Of(Part).Write(text);
    }
}
