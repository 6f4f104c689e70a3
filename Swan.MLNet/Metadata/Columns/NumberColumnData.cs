using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>Doubles.</summary>
internal sealed class NumberColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    : PresentColumnData(column, rows, part, Bytes(rows, 1))
{
    public override RowBits Evaluate(FilterTerm term, CancellationToken cancellation)
    {
        RowBits bits = Present();
        ValueRanges<double> ranges = ValueRanges.OfNumbers(term);
        RangeBits.Keep(Section<double>(0), ranges.Lows, ranges.Highs, ranges.Outside, bits.Words, cancellation);
        return bits;
    }

    private protected override object PresentValue(int row)
    {
        double value = Section<double>(0)[row];
        return double.IsFinite(value) ? value : throw ColumnPart.Damaged(Column, $"row {row} is not a finite number");
    }
}
