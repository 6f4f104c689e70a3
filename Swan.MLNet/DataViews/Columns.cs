using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>Finding columns by name.</summary>
internal static class Columns
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string parameter) =>
        schema.GetColumnOrNull(name) ?? throw NotFound(name, schema.Where(c => !c.IsHidden).Select(c => c.Name), parameter);

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it isn't text.</exception>
    public static DataViewSchema.Column FindText(DataViewSchema schema, string name, string parameter)
    {
        DataViewSchema.Column column = Find(schema, name, parameter);
        return column.Type is TextDataViewType
            ? column
            : throw new ArgumentOutOfRangeException(
                parameter, $"The column '{name}' is {column.Type}; expected String. {RemedyOf(column)}");
    }

    /// <summary>Reads a text column of the row that the cursor stands on.</summary>
    public static Func<string> TextReader(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            return value.ToString();
        };
    }

    // ML.NET's ConvertType takes neither keys nor images, and makes no text of a vector.
    private static string RemedyOf(DataViewSchema.Column column)
    {
        const string Conversion = "mlContext.Transforms.Conversion";
        string name = column.Name;
        bool named = column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is not null;
        return column.Type switch
        {
            KeyDataViewType when named => $"Convert the keys to their values first: {Conversion}.MapKeyToValue(\"{name}\").",
            KeyDataViewType => "Its keys have no values to convert to. Name a column that holds one text in each row.",
            NumberDataViewType or BooleanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType =>
                $"Convert it first: {Conversion}.ConvertType(\"{name}\", outputKind: DataKind.String).",
            _ => "Name a column that holds one text in each row.",
        };
    }

    public static ArgumentOutOfRangeException NotFound(string name, IEnumerable<string> names, string parameter) =>
        new(parameter, $"There is no column '{name}'; the data has {string.Join(", ", names)}.");
}
