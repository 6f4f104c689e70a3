using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>A column's value is one of a list.</summary>
internal sealed class Inclusion : FilterTerm
{
    private Inclusion(string column, SwanFilterValue[] list) : base(column) => List = list;

    /// <summary>At least one, of one type, none missing.</summary>
    public SwanFilterValue[] List { get; }

    internal override int Values => List.Length;

    /// <exception cref="SwanFilterException">The list can't be one.</exception>
    public static Inclusion Make(string column, IEnumerable<SwanFilterValue> values)
    {
        SwanFilterValue[] list = [.. values.Take(FilterLimits.MaxValues + 1)];
        if (ListFault(column, list) is { } fault) throw new SwanFilterException(fault);
        return new Inclusion(column, list);
    }

    /// <summary>Why these values can't be a list; null where they can.</summary>
    public static string? ListFault(string column, IReadOnlyList<SwanFilterValue> list)
    {
        if (list.Count == 0) return $"The list for '{column}' is empty, so nothing could be found. Name at least one value.";
        if (list.Count > FilterLimits.MaxValues) return FilterLimits.TooManyValues;
        if (list.Any(value => value.Type is null))
            return $"The list for '{column}' has a missing value (null). Write '{column} is null or {column} in (…)'.";
        SwanFilterValue other = list.FirstOrDefault(value => value.Type != list[0].Type);
        return other.Type is null ? null : $"The list for '{column}' has values of two types, {list[0]} and {other}. Write one type.";
    }

    public override string? Fault(SwanColumnType type) => List[0].Type == type ? null : Mismatch(type, List[0]);

    public override bool Equals(SwanFilter? other) =>
        other is Inclusion same && same.Name == Name && same.List.AsSpan().SequenceEqual(List);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name);
        foreach (SwanFilterValue value in List) hash.Add(value);
        return hash.ToHashCode();
    }

    internal override void Write(StringBuilder text)
    {
        text.Append(Name).Append(" in (");
        for (int i = 0; i < List.Length; i++)
        {
            if (i > 0) text.Append(", ");
            List[i].Write(text);
        }
        text.Append(')');
    }
}
