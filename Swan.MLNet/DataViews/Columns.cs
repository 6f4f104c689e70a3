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
            : throw new ArgumentOutOfRangeException(parameter,
                $"The column '{name}' is {column.Type}; expected String. Convert it first, for example with "
                + $"mlContext.Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.String).");
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

    public static ArgumentOutOfRangeException NotFound(string name, IEnumerable<string> names, string parameter) =>
        new(parameter, $"There is no column '{name}'; the data has {string.Join(", ", names)}.");
}
