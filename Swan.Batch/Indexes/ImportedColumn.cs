using System.Globalization;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Sources;
using Swan.MLNet.Metadata;

namespace Swan.Batch.Indexes;

/// <summary>A column of a Parquet file on its way into an index.</summary>
/// <param name="parquet">The file's.</param>
/// <param name="column">The index's.</param>
internal sealed class ImportedColumn(DataField parquet, SwanColumn column)
{
    private const long LargestExact = 1L << 53;

    public DataField Field => parquet;

    public SwanColumn Column => column;

    /// <summary>Whether the column's type has values that are no doubles.</summary>
    public bool CanBeInexact =>
        column.Type == SwanColumnType.Number
        && (parquet.ClrType == typeof(long) || parquet.ClrType == typeof(ulong) || parquet.ClrType == typeof(decimal));

    /// <summary>The column for a field.</summary>
    /// <param name="field">Not in a list or a structure.</param>
    /// <param name="metadata">What the file says of its columns.</param>
    /// <param name="types">Of columns whose type is known; null: none.</param>
    /// <returns>Null where an index can't have it.</returns>
    public static ImportedColumn? Of(DataField field, IndexMetadata metadata, IReadOnlyDictionary<string, SwanColumnType>? types)
    {
        if (SwanColumn.NameFault(field.Name) is not null || OwnType(field) is not { } type) return null;
        // Points and boxes are strings in a file, and every number is a text.
        if (type == SwanColumnType.Text && metadata.Columns.TryGetValue(field.Name, out SwanColumnType said)) type = said;
        // What is text in a file may be another type in an index. A CSV manifest has nothing but text.
        if (type is SwanColumnType.Text or SwanColumnType.Number && types?.TryGetValue(field.Name, out SwanColumnType known) == true
            && (type == SwanColumnType.Text || known == SwanColumnType.Text))
            type = known;
        return new ImportedColumn(field, new SwanColumn(field.Name, type));
    }

    /// <summary>Why an index can't have a field as a column: a sentence.</summary>
    /// <param name="field">One that <see cref="Of"/> has no column for, or one in a list or a structure.</param>
    /// <param name="file">Its file.</param>
    public static string WhyNot(DataField field, string file)
    {
        string start = $"The column '{field.Path}' of '{file}' was left out";
        if (field.MaxRepetitionLevel > 0 || field.Path.ToString() != field.Name)
            return $"{start}: it is in a list or a structure. Columns have one value per row.";
        return SwanColumn.NameFault(field.Name) is { } fault
            ? $"{start}. {fault}"
            : $"{start}: {Found(field)}; expected text, numbers, booleans, dates or timestamps.";
    }

    // In the words of Parquet: the file's author knows no .NET types.
    private static string Found(DataField field) => field.SchemaElement is { LogicalType.UNKNOWN: not null } ? "it has no value"
        : field.ClrType == typeof(ReadOnlyMemory<byte>) || field.ClrType == typeof(byte[]) ? "its values are bytes"
        : field.ClrType == typeof(Guid) ? "its values are UUIDs"
        : field.ClrType == typeof(TimeSpan) || field.ClrType == typeof(TimeOnly) ? "its values are times of day"
        : "its values are of another type";

    /// <summary>The values of a row group as the file has them, null where one is missing.</summary>
    public Task<object?[]> ReadAsync(ParquetRowGroupReader group, CancellationToken cancellation) =>
        ParquetValues.ReadAsync(group, parquet, cancellation);

    /// <summary>Whether a row group has a value that no double is.</summary>
    public async Task<bool> HasInexactAsync(ParquetRowGroupReader group, CancellationToken cancellation)
    {
        // Most files say the least and the largest value, so that nothing has to be read. Those of unsigned integers come as signed ones.
        if (parquet.ClrType == typeof(long) && group.GetStatistics(parquet) is { MinValue: long least, MaxValue: long largest }
            && least >= -LargestExact && largest <= LargestExact)
        {
            return false;
        }
        object?[] values = await ReadAsync(group, cancellation).ConfigureAwait(false);
        return Array.Exists(values, value => value is not null && ColumnValues.Number(value).Fault is not null);
    }

    /// <summary>A value as the index keeps it.</summary>
    /// <exception cref="ArgumentException">The column can't have it; the message names both.</exception>
    public object? Value(object? value)
    {
        // NaN means missing, as pandas writes it.
        if (value is double.NaN or float.NaN) return null;
        if (value is DateTime date) value = DateTime.SpecifyKind(date, DateTimeKind.Utc);
        if (column.Type == SwanColumnType.Text && value is IFormattable number) return number.ToString(null, CultureInfo.InvariantCulture);
        return column.Check(value is string text && column.Type != SwanColumnType.Text ? Read(text) : value);
    }

    private static SwanColumnType? OwnType(DataField field)
    {
        if (ParquetValues.IsText(field)) return SwanColumnType.Text;
        return Type.GetTypeCode(field.ClrType) switch
        {
            // Without a value in any row, as pandas writes it, the type is unknown, and a column's type can't change later.
            _ when field.SchemaElement?.LogicalType?.UNKNOWN is not null => null,
            TypeCode.Boolean => SwanColumnType.Boolean,
            TypeCode.DateTime => SwanColumnType.Date,
            >= TypeCode.SByte and <= TypeCode.Decimal => SwanColumnType.Number,
            _ => null,
        };
    }

    private object? Read(string text)
    {
        if (column.Type is SwanColumnType.Point or SwanColumnType.Box) return Shape(text);
        return text.Length == 0 ? null : GivenValue.Read(column.Type, text) ?? throw new ArgumentException(
            $"'{text}' in the column '{column.Name}' is not {GivenValue.FormOf(column.Type)}.");
    }

    private object? Shape(string text)
    {
        if (text.Length == 0) return null;
        double[] numbers = [.. text.Split(' ').Select(part =>
            double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        return (column.Type, numbers) switch
        {
            (SwanColumnType.Point, [double x, double y]) => new SwanPoint(x, y),
            (SwanColumnType.Box, [double west, double south, double east, double north]) => new SwanBox(west, south, east, north),
            _ => throw new ArgumentException($"'{text}' in the column '{column.Name}' does not contain the numbers of a {column.Type}."),
        };
    }
}
