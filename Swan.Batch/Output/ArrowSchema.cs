using System.Buffers.Binary;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>What a file's columns are in Apache Arrow: Parquet has no lists of a fixed size, and Arrow's readers look here.</summary>
/// <remarks>Arrow's Schema.fbs and Message.fbs; the file's value is Base64 of an IPC message.</remarks>
internal static class ArrowSchema
{
    /// <summary>The name of the file's value.</summary>
    public const string Name = "ARROW:schema";

    private const byte Int = 2, FloatingPoint = 3, Utf8 = 5, Bool = 6, FixedSizeList = 16;

    // Of Message: the fifth version, a schema.
    private const int Version = 4, SchemaHeader = 1;

    /// <summary>The value for columns; null where one is of a type that has another name in Arrow.</summary>
    /// <param name="columns">The fields in their order, and how many values a row has in each.</param>
    public static string? Of(IReadOnlyList<(Field Field, int Width)> columns)
    {
        if (!columns.All(c => TypeOf(c.Field) != 0)) return null;
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
            FloatingPoint => buffer.Table((2, IsOf<double>(field) ? 2 : 1)).Table,
            FixedSizeList => buffer.Table((4, width)).Table,
            _ => buffer.Table().Table,
        });
        // Some readers want them even where there are none.
        (int children, int[] child) = buffer.References(field is ListField ? 1 : 0);
        buffer.Refer(parts[5], children);
        if (field is ListField list) Write(buffer, child[0], list.Item, 1);
    }

    private static byte TypeOf(Field field) => field switch
    {
        ListField { Item: DataField { ClrType: var item } } when item == typeof(float) => FixedSizeList,
        DataField when IsOf<long>(field) || IsOf<int>(field) => Int,
        DataField when IsOf<float>(field) || IsOf<double>(field) => FloatingPoint,
        DataField when IsOf<string>(field) || IsOf<ReadOnlyMemory<char>>(field) => Utf8,
        DataField when IsOf<bool>(field) => Bool,
        _ => 0,
    };

    private static bool IsOf<T>(Field field) => field is DataField { ClrType: var type } && type == typeof(T);
}
