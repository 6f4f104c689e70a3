using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>What does not pass a filter.</summary>
internal sealed class Negation : SwanFilter
{
    private Negation(SwanFilter inner) => Inner = inner;

    public SwanFilter Inner { get; }

    internal override int Terms => Inner.Terms;

    internal override int Values => Inner.Values;

    internal override int Depth => Inner.Depth + 1;

    internal override IEnumerable<FilterTerm> AllTerms => Inner.AllTerms;

    /// <summary>The contrary; that of a contrary is the filter itself.</summary>
    /// <exception cref="SwanFilterException">It has too many levels.</exception>
    public static SwanFilter Make(SwanFilter inner)
    {
        if (inner is Negation contrary) return contrary.Inner;
        if (inner is Constant constant) return Constant.Of(!constant.Passes);
        FilterLimits.Require(inner.Terms, inner.Values, inner.Depth + 1);
        return new Negation(inner);
    }

    public override bool Equals(SwanFilter? other) => other is Negation same && same.Inner.Equals(Inner);

    public override int GetHashCode() => HashCode.Combine(nameof(Negation), Inner);

    internal override void Write(StringBuilder text)
    {
        if (Inner is MissingValue missing)
        {
            text.Append(missing.Name).Append(" is not null");
            return;
        }
        text.Append("not ");
        if (Inner is Combination) text.Append('(');
        Inner.Write(text);
        if (Inner is Combination) text.Append(')');
    }
}
