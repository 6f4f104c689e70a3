using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>Two bitmaps: rows that have a value, and rows where it is true.</summary>
internal sealed class BooleanColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    : PresentColumnData(column, rows, part, 2 * ColumnPart.BitmapBytes(rows))
{
    public override RowBits Evaluate(FilterTerm term, CancellationToken cancellation)
    {
        RowBits bits = Present(), ones = Bits(ColumnPart.BitmapBytes(Count));
        (bool wantsTrue, bool wantsFalse) = term switch
        {
            Comparison { Value.Content: bool, Operator: FilterOperator.Equal or FilterOperator.NotEqual } c =>
                (Wants(c, true), Wants(c, false)),
            Inclusion { List: [{ Content: bool }, ..] } i => (i.List.Any(v => v.Content is true), i.List.Any(v => v.Content is false)),
            _ => throw FilterPlan.Misfit(term, Column.Type),
        };
        if (!wantsTrue) bits.AndNot(ones);
        if (!wantsFalse) bits.And(ones);
        return bits;
    }

    private protected override object PresentValue(int row) => Bit(ColumnPart.BitmapBytes(Count), row);

    private static bool Wants(Comparison term, bool value) =>
        (term.Value.Content is true == value) == (term.Operator == FilterOperator.Equal);
}
