using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>All x, then all y.</summary>
internal sealed class PointColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    : PresentColumnData(column, rows, part, Bytes(rows, 2))
{
    public override RowBits Evaluate(FilterTerm term, CancellationToken cancellation)
    {
        if (term is not Placement { Kind: PlacementKind.Within } placement) throw FilterPlan.Misfit(term, Column.Type);
        RowBits bits = Present();
        RangeBits.Keep(Section<double>(0), [placement.Box.West], [placement.Box.East], outside: false, bits.Words, cancellation);
        RangeBits.Keep(Section<double>(1), [placement.Box.South], [placement.Box.North], outside: false, bits.Words, cancellation);
        if (placement.Polygon is { } polygon) RangeBits.KeepWhere(bits.Words, row => polygon.Contains(Point(row)), cancellation);
        return bits;
    }

    private protected override object PresentValue(int row) => Point(row);

    private SwanPoint Point(int row)
    {
        double x = Section<double>(0)[row], y = Section<double>(1)[row];
        return double.IsFinite(x) && double.IsFinite(y)
            ? new SwanPoint(x, y)
            : throw ColumnPart.Damaged(Column, $"row {row} is not a point with finite coordinates");
    }
}
