using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.DataViews;

/// <summary>A column of a data view whose values go into a typed column of an index.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Text</term><description>from text. ML.NET has no missing text: a null becomes an empty one, so an empty one is missing.
/// </description></item>
/// <item><term>Number</term><description>from all numbers; NaN, ML.NET's missing value, is missing.</description></item>
/// <item><term>Date</term><description>from DateTime, in UTC where its kind is unspecified, and DateTimeOffset.</description></item>
/// <item><term>Boolean</term><description>from Boolean.</description></item>
/// <item><term>Point</term><description>from vectors of 2 Single or Double: x, y; missing where one is NaN.</description></item>
/// <item><term>Box</term><description>from vectors of 4: west, south, east, north; missing where one is NaN.</description></item>
/// </list>
/// </remarks>
/// <param name="Source">The column of the data view.</param>
/// <param name="Column">The column of the index.</param>
internal sealed record ValueColumn(DataViewSchema.Column Source, SwanColumn Column)
{
    private const int PointValues = 2, BoxValues = 4;

    /// <summary>Finds the column, and the type that suits it.</summary>
    /// <param name="schema">The data view's columns.</param>
    /// <param name="source">The column's name there.</param>
    /// <param name="name">The column's name in the index.</param>
    /// <param name="parameter">Which parameter of the caller named the column.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or no column of an index has such values.</exception>
    /// <exception cref="ArgumentException">No column of an index can have that name.</exception>
    public static ValueColumn Find(DataViewSchema schema, string source, string name, string parameter)
    {
        DataViewSchema.Column column = Columns.Find(schema, source, parameter);
        return TypeOf(column.Type) is { } type
            ? new ValueColumn(column, new SwanColumn(name, type))
            : throw new ArgumentOutOfRangeException(parameter, $"The column '{source}' is {column.Type}, which a column of an index can't "
                + "store. Expected text, a number, a date, a Boolean, or a vector of 2 (x, y) or 4 (west, south, east, north) Single or "
                + $"Double. {Remedy(column)}");
    }

    /// <summary>The type of column that a data view's type goes into; null if there is none.</summary>
    public static SwanColumnType? TypeOf(DataViewType type) => type switch
    {
        TextDataViewType => SwanColumnType.Text,
        NumberDataViewType => SwanColumnType.Number,
        DateTimeDataViewType or DateTimeOffsetDataViewType => SwanColumnType.Date,
        BooleanDataViewType => SwanColumnType.Boolean,
        VectorDataViewType { Size: PointValues } vector when IsFloat(vector) => SwanColumnType.Point,
        VectorDataViewType { Size: BoxValues } vector when IsFloat(vector) => SwanColumnType.Box,
        _ => null,
    };

    /// <summary>Reads the value of the row that the cursor stands on, as <see cref="SwanColumn.Check"/> gives it.</summary>
    /// <remarks>The reader throws <see cref="ArgumentException"/> for a value that the column can't have, such as an infinite number.
    /// </remarks>
    public Func<object?> Reader(DataViewRow row)
    {
        Func<object?> read = Unchecked(row);
        return () => Column.Check(read());
    }

    private static bool IsFloat(VectorDataViewType vector) =>
        vector.ItemType == NumberDataViewType.Single || vector.ItemType == NumberDataViewType.Double;

    private static string Remedy(DataViewSchema.Column column) => column.Type switch
    {
        KeyDataViewType => $"Convert the keys to their values first: mlContext.Transforms.Conversion.MapKeyToValue(\"{column.Name}\").",
        TimeSpanDataViewType =>
            $"Convert it first: mlContext.Transforms.Conversion.ConvertType(\"{column.Name}\", outputKind: DataKind.Double).",
        _ => "Name another column.",
    };

    private Func<object?> Unchecked(DataViewRow row) => Source.Type switch
    {
        TextDataViewType => Read<ReadOnlyMemory<char>>(row, text => text.IsEmpty ? null : text.ToString()),
        BooleanDataViewType => Read<bool>(row, value => value),
        DateTimeDataViewType => Read<DateTime>(row, value => value),
        DateTimeOffsetDataViewType => Read<DateTimeOffset>(row, value => value),
        VectorDataViewType vector when vector.ItemType == NumberDataViewType.Single => ReadVector<float>(row, vector.Size, v => v),
        VectorDataViewType vector => ReadVector<double>(row, vector.Size, v => v),
        _ when Source.Type == NumberDataViewType.Single => Read<float>(row, value => float.IsNaN(value) ? null : value),
        _ when Source.Type == NumberDataViewType.Double => Read<double>(row, value => double.IsNaN(value) ? null : value),
        _ when Source.Type == NumberDataViewType.SByte => Read<sbyte>(row, value => value),
        _ when Source.Type == NumberDataViewType.Byte => Read<byte>(row, value => value),
        _ when Source.Type == NumberDataViewType.Int16 => Read<short>(row, value => value),
        _ when Source.Type == NumberDataViewType.UInt16 => Read<ushort>(row, value => value),
        _ when Source.Type == NumberDataViewType.Int32 => Read<int>(row, value => value),
        _ when Source.Type == NumberDataViewType.UInt32 => Read<uint>(row, value => value),
        _ when Source.Type == NumberDataViewType.Int64 => Read<long>(row, value => value),
        _ => Read<ulong>(row, value => value),
    };

    private Func<object?> Read<T>(DataViewRow row, Func<T, object?> make)
    {
        ValueGetter<T> getter = row.GetGetter<T>(Source);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return make(value);
        };
    }

    private Func<object?> ReadVector<T>(DataViewRow row, int size, Func<T, double> widened)
    {
        T[] values = new T[size];
        return Read<VBuffer<T>>(row, vector =>
        {
            vector.CopyTo(values);
            double[] coordinates = Array.ConvertAll(values, value => widened(value));
            if (coordinates.Any(double.IsNaN)) return null;
            return size == PointValues
                ? new SwanPoint(coordinates[0], coordinates[1])
                : new SwanBox(coordinates[0], coordinates[1], coordinates[2], coordinates[3]);
        });
    }
}
