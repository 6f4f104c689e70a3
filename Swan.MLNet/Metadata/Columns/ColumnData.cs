using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>The values of a column in the rows of one segment, read where they lie.</summary>
/// <remarks>
/// <para>The part's bytes are little-endian. P is a bitmap of rows that have a value, (rows + 63) / 64 words of 8 bytes. Each section
/// begins at a multiple of 64 bytes, with zeros before it, and the part ends at one:</para>
/// <list type="table">
/// <item><term>Number</term><description>P; a double a row, 0 where it is missing.</description></item>
/// <item><term>Date</term><description>P; an int64 a row, UTC ticks of 100 ns since the year 1; 0 where it is missing.</description></item>
/// <item><term>Boolean</term><description>P; a bitmap of rows where it is true.</description></item>
/// <item><term>Point</term><description>P; all x as doubles; all y as doubles.</description></item>
/// <item><term>Box</term><description>P; all west, all south, all east, all north, as doubles.</description></item>
/// <item><term>Text</term><description>
/// <see cref="TextLayout"/>: each distinct text and a code a row, or every row's text.
/// </description></item>
/// </list>
/// Bytes are not trusted: a read never leaves the part, and an invalid value throws a <see cref="SwanFormatException"/> when met. The
/// segment's checksums verify that the bytes are unchanged. Safe for concurrent use while the part's memory exists.
/// </remarks>
internal abstract class ColumnData
{
    private protected ColumnData(SwanColumn column, int rows)
    {
        (Column, Count) = (column, rows);
    }

    /// <summary>The column's name and type.</summary>
    public SwanColumn Column { get; }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>A row's value as <see cref="SwanColumn.Check"/> gives it; null where it is missing.</summary>
    /// <exception cref="SwanFormatException">The bytes are not such a value.</exception>
    public object? this[int row]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Count, nameof(row));
            return ValueOf(row);
        }
    }

    /// <summary>Opens a part that <see cref="ColumnBuilder"/> wrote. It takes no time that grows with the rows.</summary>
    /// <param name="column">The name and the type.</param>
    /// <param name="rows">Rows of the segment.</param>
    /// <param name="part">All bytes of the part; the first lies at a multiple of 64. They stay there while anybody reads.</param>
    /// <exception cref="SwanFormatException">The part doesn't belong to such a column.</exception>
    public static ColumnData Open(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        return column.Type switch
        {
            SwanColumnType.Text => TextColumns.Open(column, rows, part),
            SwanColumnType.Number => new NumberColumnData(column, rows, part),
            SwanColumnType.Date => new DateColumnData(column, rows, part),
            SwanColumnType.Boolean => new BooleanColumnData(column, rows, part),
            SwanColumnType.Point => new PointColumnData(column, rows, part),
            _ => new BoxColumnData(column, rows, part),
        };
    }

    /// <summary>The rows that have a value, as a set of the caller's own.</summary>
    public abstract RowBits Present();

    /// <summary>The rows whose value passes a comparison that fits the column's type, as a set of the caller's own.</summary>
    /// <param name="term">The comparison.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public abstract RowBits Evaluate(FilterTerm term, CancellationToken cancellation);

    private protected abstract object? ValueOf(int row);
}
