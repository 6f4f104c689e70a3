using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>All west, all south, all east, all north.</summary>
internal sealed class BoxColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    : PresentColumnData(column, rows, part, Bytes(rows, 4))
{
    private const double Least = double.MinValue, Greatest = double.MaxValue;

    public override RowBits Evaluate(FilterTerm term, CancellationToken cancellation)
    {
        if (term is not Placement placement) throw FilterPlan.Misfit(term, Column.Type);
        RowBits bits = Present();
        SwanBox box = placement.Box;
        bool within = placement.Kind == PlacementKind.Within;
        if (within)
        {
            Keep(0, box.West, Greatest);
            Keep(1, box.South, Greatest);
            Keep(2, Least, box.East);
            Keep(3, Least, box.North);
        }
        else
        {
            Keep(0, Least, box.East);
            Keep(1, Least, box.North);
            Keep(2, box.West, Greatest);
            Keep(3, box.South, Greatest);
        }
        if (placement.Polygon is { } polygon)
        {
            RangeBits.KeepWhere(
                bits.Words, row => within ? polygon.Contains(Box(row), cancellation) : polygon.Intersects(Box(row)), cancellation);
        }
        return bits;

        void Keep(int section, double low, double high) =>
            RangeBits.Keep(Section<double>(section), [low], [high], outside: false, bits.Words, cancellation);
    }

    private protected override object PresentValue(int row) => Box(row);

    private SwanBox Box(int row)
    {
        double west = Section<double>(0)[row], south = Section<double>(1)[row];
        double east = Section<double>(2)[row], north = Section<double>(3)[row];
        return double.IsFinite(west) && double.IsFinite(south) && double.IsFinite(east) && double.IsFinite(north)
            && west <= east && south <= north
            ? new SwanBox(west, south, east, north)
            : throw ColumnPart.Damaged(Column, $"row {row} is not a box");
    }
}
