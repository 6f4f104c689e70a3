using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>A column's value is equal to, less or greater than another one.</summary>
internal sealed class Comparison(string column, FilterOperator comparison, SwanFilterValue value) : FilterTerm(column)
{
    private static readonly string[] s_symbols = ["=", "!=", "<", "<=", ">", ">="];

    public FilterOperator Operator { get; } = comparison;

    public SwanFilterValue Value { get; } = value;

    public override string? Fault(SwanColumnType type) => Value.Type != type ? Mismatch(type, Value)
        : type == SwanColumnType.Boolean && Operator > FilterOperator.NotEqual
            ? $"'{Name}' is a boolean column, which has no order. Compare with = or !=."
            : null;

    public override bool Equals(SwanFilter? other) =>
        other is Comparison same && same.Name == Name && same.Operator == Operator && same.Value == Value;

    public override int GetHashCode() => HashCode.Combine(Name, Operator, Value);

    internal override void Write(StringBuilder text)
    {
        text.Append(Name).Append(' ').Append(s_symbols[(int)Operator]).Append(' ');
        Value.Write(text);
    }
}
