using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>UTC ticks.</summary>
internal sealed class DateColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    : PresentColumnData(column, rows, part, Bytes(rows, 1))
{
    public override RowBits Evaluate(FilterTerm term, CancellationToken cancellation)
    {
        RowBits bits = Present();
        ValueRanges<long> ranges = ValueRanges.OfDates(term);
        RangeBits.Keep(Section<long>(0), ranges.Lows, ranges.Highs, ranges.Outside, bits.Words, cancellation);
        return bits;
    }

    private protected override object PresentValue(int row)
    {
        long ticks = Section<long>(0)[row];
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw ColumnPart.Damaged(Column, $"row {row} is not a date");
    }
}
