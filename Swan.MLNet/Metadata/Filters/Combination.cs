using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>All of some filters, or any of them. A part is never a combination of the same kind: its parts stand in its place.</summary>
internal sealed class Combination : SwanFilter
{
    private Combination(bool all, SwanFilter[] parts)
    {
        (All, Parts) = (all, parts);
        Terms = parts.Sum(part => part.Terms);
        Values = parts.Sum(part => part.Values);
        Depth = 1 + parts.Max(part => part.Depth);
    }

    /// <summary>Whether a row has to pass all of them; otherwise one is enough.</summary>
    public bool All { get; }

    /// <summary>At least two.</summary>
    public SwanFilter[] Parts { get; }

    internal override int Terms { get; }

    internal override int Values { get; }

    internal override int Depth { get; }

    internal override IEnumerable<FilterTerm> AllTerms => Parts.SelectMany(part => part.AllTerms);

    /// <summary>One filter of at least one; a single one is itself.</summary>
    /// <exception cref="SwanFilterException">It has too many parts.</exception>
    public static SwanFilter Make(bool all, IReadOnlyList<SwanFilter> parts)
    {
        foreach (SwanFilter part in parts) ArgumentNullException.ThrowIfNull(part);
        if (parts.Count == 1) return parts[0];
        // Before parts are copied, so that a filter that grows by one part at a time stays cheap.
        FilterLimits.Require(parts.Sum(part => part.Terms), parts.Sum(part => part.Values), 1);
        var made = new Combination(all,
            [.. parts.SelectMany(part => part is Combination inner && inner.All == all ? inner.Parts : [part])]);
        FilterLimits.Require(made.Terms, made.Values, made.Depth);
        return made;
    }

    public override bool Equals(SwanFilter? other) => other is Combination same && same.All == All
        && same.Parts.AsSpan().SequenceEqual(Parts);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(All);
        foreach (SwanFilter part in Parts) hash.Add(part);
        return hash.ToHashCode();
    }

    internal override void Write(StringBuilder text)
    {
        for (int i = 0; i < Parts.Length; i++)
        {
            if (i > 0) text.Append(All ? " and " : " or ");
            // 'and' binds more closely than 'or'.
            bool enclosed = All && Parts[i] is Combination;
            if (enclosed) text.Append('(');
            Parts[i].Write(text);
            if (enclosed) text.Append(')');
        }
    }
}
