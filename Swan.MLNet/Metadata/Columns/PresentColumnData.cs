using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>A column whose part begins with a bitmap of the rows that have a value.</summary>
internal abstract class PresentColumnData : ColumnData
{
    private protected PresentColumnData(SwanColumn column, int rows, ReadOnlyMemory<byte> part, long length) : base(column, rows)
    {
        ColumnPart.RequireLength(column, rows, part, length);
        Part = part;
    }

    private protected ReadOnlyMemory<byte> Part { get; }

    public sealed override RowBits Present() => Bits(0);

    /// <summary>A copy of a bitmap.</summary>
    private protected RowBits Bits(long at)
    {
        var bits = new RowBits(Count);
        ColumnPart.Values<ulong>(Part, at, bits.Words.Length).CopyTo(bits.Words);
        bits.Trim();
        return bits;
    }

    private protected bool Bit(long at, int row) => (ColumnPart.Values<ulong>(Part, at, (row >> 6) + 1)[^1] >> (row & 63) & 1) != 0;

    /// <summary>Values of 8 bytes a row, of which some sections follow the bitmap.</summary>
    private protected ReadOnlySpan<T> Section<T>(int index) where T : unmanaged =>
        ColumnPart.Values<T>(Part, ColumnPart.BitmapBytes(Count) + index * ColumnPart.Align(8L * Count), Count);

    private protected sealed override object? ValueOf(int row) => Bit(0, row) ? PresentValue(row) : null;

    private protected abstract object PresentValue(int row);

    /// <summary>Bytes of a bitmap and some sections of 8 bytes a row.</summary>
    internal static long Bytes(long rows, int sections) => ColumnPart.BitmapBytes(rows) + sections * ColumnPart.Align(8 * rows);
}
