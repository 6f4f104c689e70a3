using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>A bitmap of rows that have a text, and every row's text.</summary>
internal sealed class PlainTextColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part, TextLayout layout)
    : TextColumns(column, rows, part, layout)
{
    private protected override RowBits PresentRows()
    {
        var bits = new RowBits(Count);
        Bitmap.CopyTo(bits.Words);
        bits.Trim();
        return bits;
    }

    private protected override RowBits Passing(TextPredicate predicate, CancellationToken cancellation)
    {
        RowBits bits = PresentRows();
        RangeBits.KeepWhere(bits.Words, row => predicate.Passes(Texts[row]), cancellation);
        return bits;
    }

    private protected override string? TextOf(int row) => (Bitmap[row >> 6] >> (row & 63) & 1) != 0 ? Texts.Text(row) : null;

    private ReadOnlySpan<ulong> Bitmap => ColumnPart.Values<ulong>(Part, TextLayout.RowsAt, (int)(((long)Count + 63) / 64));
}
