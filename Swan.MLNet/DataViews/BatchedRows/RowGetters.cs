using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>The checks that every getter makes.</summary>
internal static class RowGetters
{
    public static void RequireActive(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column))
        {
            throw new ArgumentOutOfRangeException(
                nameof(column), $"The column '{column.Name}' is not active in this cursor. Name it when the cursor is made.");
        }
    }

    public static void RequireRow(long position)
    {
        if (position < 0)
        {
            throw new InvalidOperationException(
                "The cursor doesn't stand on a row: call MoveNext first, and read values only while it returns true.");
        }
    }

    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue> ?? throw WrongType<TValue>(column);

    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"The column '{column.Name}' has values of {column.Type.RawType}, but {typeof(TValue)} was requested.");
}
