using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>A column has no value.</summary>
internal sealed class MissingValue(string column) : FilterTerm(column)
{
    public override string? Fault(SwanColumnType type) => null;

    public override bool Equals(SwanFilter? other) => other is MissingValue same && same.Name == Name;

    public override int GetHashCode() => HashCode.Combine(nameof(MissingValue), Name);

    internal override void Write(StringBuilder text) => text.Append(Name).Append(" is null");
}
