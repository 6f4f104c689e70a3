using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>All rows, or none.</summary>
internal sealed class Constant : SwanFilter
{
    private static readonly Constant s_true = new(true), s_false = new(false);

    private Constant(bool passes) => Passes = passes;

    public bool Passes { get; }

    // It counts, so filters of constants are limited as well.
    internal override int Terms => 1;

    internal override IEnumerable<FilterTerm> AllTerms => [];

    public static Constant Of(bool passes) => passes ? s_true : s_false;

    public override bool Equals(SwanFilter? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Passes ? 1 : 0;

    internal override void Write(StringBuilder text) => text.Append(Passes ? "true" : "false");
}
