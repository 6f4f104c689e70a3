using System.Runtime.InteropServices;

namespace Swan.MLNet.Metadata;

/// <summary>Collects a column's values, a row at a time, and writes them as the part that <see cref="ColumnData.Open"/> reads.</summary>
/// <remarks>Not thread-safe. The bytes depend on the values alone.</remarks>
internal sealed class ColumnBuilder
{
    private readonly ColumnRows _rows;

    public ColumnBuilder(SwanColumn column)
    {
        Column = column;
        _rows = column.Type switch
        {
            SwanColumnType.Text => new TextRows(),
            SwanColumnType.Boolean => new BooleanRows(),
            SwanColumnType.Point => new FixedRows(2),
            SwanColumnType.Box => new FixedRows(4),
            _ => new FixedRows(1),
        };
    }

    /// <summary>The column.</summary>
    public SwanColumn Column { get; }

    /// <summary>Rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that <see cref="Write"/> writes. A part has less than 2 GiB; the caller who adds rows respects that.</summary>
    public long Length => _rows.Length;

    /// <summary>Adds the next row's value.</summary>
    /// <param name="value">What <see cref="SwanColumn.Check"/> gave back; null for a missing one.</param>
    public void Add(object? value)
    {
        _rows.Add(Count, value);
        Count++;
    }

    /// <summary>Writes the part. The stream's place is at a multiple of 64 bytes, and is so afterwards.</summary>
    public void Write(Stream stream) => _rows.Write(stream);
}

/// <summary>The values of one type.</summary>
internal abstract class ColumnRows
{
    private readonly List<ulong> _present = [];

    public abstract long Length { get; }

    private protected int Count { get; private set; }

    public void Add(int row, object? value)
    {
        if ((row & 63) == 0) _present.Add(0);
        if (value is not null) _present[^1] |= 1UL << (row & 63);
        Count = row + 1;
        Keep(row, value);
    }

    public abstract void Write(Stream stream);

    private protected abstract void Keep(int row, object? value);

    private protected void WritePresent(Stream stream) => ColumnPart.Write<ulong>(stream, CollectionsMarshal.AsSpan(_present));
}

/// <summary>Booleans.</summary>
internal sealed class BooleanRows : ColumnRows
{
    private readonly List<ulong> _ones = [];

    public override long Length => 2 * ColumnPart.BitmapBytes(Count);

    public override void Write(Stream stream)
    {
        WritePresent(stream);
        ColumnPart.Write<ulong>(stream, CollectionsMarshal.AsSpan(_ones));
    }

    private protected override void Keep(int row, object? value)
    {
        if ((row & 63) == 0) _ones.Add(0);
        if (value is true) _ones[^1] |= 1UL << (row & 63);
    }
}

/// <summary>Values that are one or more times 8 bytes: numbers, dates, points, boxes.</summary>
internal sealed class FixedRows(int sections) : ColumnRows
{
    private readonly List<long>[] _sections = [.. Enumerable.Range(0, sections).Select(_ => new List<long>())];

    public override long Length => PresentColumnData.Bytes(Count, sections);

    public override void Write(Stream stream)
    {
        WritePresent(stream);
        foreach (List<long> section in _sections) ColumnPart.Write<long>(stream, CollectionsMarshal.AsSpan(section));
    }

    private protected override void Keep(int row, object? value)
    {
        switch (value)
        {
            case null:
                foreach (List<long> section in _sections) section.Add(0);
                break;
            case double number: Keep(number); break;
            case DateTimeOffset date: _sections[0].Add(date.UtcTicks); break;
            case SwanPoint point: Keep(point.X, point.Y); break;
            case SwanBox box: Keep(box.West, box.South, box.East, box.North); break;
            default: throw new ArgumentException($"A {value.GetType().Name} was not checked by its column.", nameof(value));
        }
    }

    private void Keep(params ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++) _sections[i].Add(BitConverter.DoubleToInt64Bits(values[i]));
    }
}
