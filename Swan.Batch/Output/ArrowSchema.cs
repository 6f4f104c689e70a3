using System.Buffers.Binary;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>What a file's columns are in Apache Arrow: Parquet has no lists of a fixed size, and Arrow's readers look here.</summary>
/// <remarks>Arrow's Schema.fbs and Message.fbs; the file's value is Base64 of an IPC message.</remarks>
internal static class ArrowSchema
{
    /// <summary>The name of the file's value.</summary>
    public const string Name = "ARROW:schema";

    private const byte Int = 2, FloatingPoint = 3, Utf8 = 5, Bool = 6, Date = 8, Timestamp = 10, FixedSizeList = 16;

    // Of Message: the fifth version, a schema.
    private const int Version = 4, SchemaHeader = 1;

    /// <summary>The value for columns of all types that jobs and exports write.</summary>
    /// <param name="columns">The fields in their order, and how many values a row has in each.</param>
    /// <exception cref="NotSupportedException">A column is of another type.</exception>
    public static string Of(IReadOnlyList<(Field Field, int Width)> columns)
    {
        var buffer = new FlatBuffer();
        (int message, int[] parts) = buffer.Table((2, Version), (1, SchemaHeader), (4, 0));
        buffer.Refer(0, message);
        (int schema, int[] ofSchema) = buffer.Table((0, 0), (4, 0));
        buffer.Refer(parts[2], schema);
        (int vector, int[] fields) = buffer.References(columns.Count);
        buffer.Refer(ofSchema[1], vector);
        for (int i = 0; i < columns.Count; i++) Write(buffer, fields[i], columns[i].Field, columns[i].Width);

        ReadOnlySpan<byte> written = buffer.Bytes.Span;
        byte[] ipc = new byte[8 + (written.Length + 7) / 8 * 8];
        BinaryPrimitives.WriteInt32LittleEndian(ipc, -1);
        BinaryPrimitives.WriteInt32LittleEndian(ipc.AsSpan(4), ipc.Length - 8);
        written.CopyTo(ipc.AsSpan(8));
        return Convert.ToBase64String(ipc);
    }

    private static void Write(FlatBuffer buffer, int reference, Field field, int width)
    {
        byte type = TypeOf(field);
        // Name, nullable, kind of the type, type, dictionary (left out), children.
        (int table, int[] parts) = buffer.Table((4, 0), (1, field.IsNullable ? 1 : 0), (1, type), (4, 0), (0, 0), (4, 0));
        buffer.Refer(reference, table);
        buffer.Refer(parts[0], buffer.Text(field.Name));
        buffer.Refer(parts[3], type switch
        {
            Int => buffer.Table((4, IsOf<long>(field) ? 64 : 32), (1, 1)).Table,
            FloatingPoint => buffer.Table((2, IsOf<double>(field) ? 2 : IsOf<float>(field) ? 1 : 0)).Table,
            Date => buffer.Table((2, 0)).Table, // days, which is not the default
            Timestamp => WriteTimestamp(buffer, (DateTimeDataField)field),
            FixedSizeList => buffer.Table((4, width)).Table,
            _ => buffer.Table().Table,
        });
        // Some readers want them even where there are none.
        (int children, int[] child) = buffer.References(field is ListField ? 1 : 0);
        buffer.Refer(parts[5], children);
        if (field is ListField list) Write(buffer, child[0], list.Item, 1);
    }

    // Parquet's times are in UTC or in no zone.
    private static int WriteTimestamp(FlatBuffer buffer, DateTimeDataField field)
    {
        short unit = field.Unit switch { DateTimeTimeUnit.Millis => 1, DateTimeTimeUnit.Micros => 2, _ => 3 };
        if (!field.IsAdjustedToUTC) return buffer.Table((2, unit)).Table;
        (int table, int[] parts) = buffer.Table((2, unit), (4, 0));
        buffer.Refer(parts[1], buffer.Text("UTC"));
        return table;
    }

    private static byte TypeOf(Field field) => field switch
    {
        ListField { Item: var item } when IsOf<float>(item) || Float16Field.Is(item) => FixedSizeList,
        DateTimeDataField { DateTimeFormat: DateTimeFormat.Date } => Date,
        DateTimeDataField { DateTimeFormat: DateTimeFormat.Timestamp } => Timestamp,
        _ when IsOf<long>(field) || IsOf<int>(field) => Int,
        _ when IsOf<float>(field) || IsOf<double>(field) || Float16Field.Is(field) => FloatingPoint,
        _ when IsOf<string>(field) || IsOf<ReadOnlyMemory<char>>(field) => Utf8,
        _ when IsOf<bool>(field) => Bool,
        _ => throw new NotSupportedException($"The column '{field}' has no Arrow type that files of rows support."),
    };

    private static bool IsOf<T>(Field field) => field is DataField { ClrType: var type } && type == typeof(T);
}
