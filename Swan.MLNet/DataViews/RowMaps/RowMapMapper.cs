using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>A <see cref="RowMap"/> for one row at a time: what prediction engines use.</summary>
internal sealed class RowMapMapper(RowMap map) : IRowToRowMapper
{
    public DataViewSchema InputSchema => map.InputSchema;

    public DataViewSchema OutputSchema => map.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] active = map.Active(dependingColumns);
        return map.Needed(active, map.AnyAdded(active) ? map.Reads : []);
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != map.InputSchema)
            throw new ArgumentOutOfRangeException(nameof(input), $"The row's schema is not the one that this mapper was made for: found {input.Schema}, expected {map.InputSchema}.");
        return new RowMapRow(map, input, map.Active(activeColumns));
    }
}

/// <summary>The checks that every getter of a <see cref="RowMap"/> makes.</summary>
internal static class RowMapGetters
{
    public static void RequireActive(DataViewRow row, DataViewSchema.Column column)
    {
        if (!row.IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active in this cursor. Name it when the cursor is made.");
    }

    public static void RequireRow(long position)
    {
        if (position < 0)
            throw new InvalidOperationException("The cursor doesn't stand on a row: call MoveNext first, and read values only while it returns true.");
    }

    public static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue>
        ?? throw new InvalidOperationException($"The column '{column.Name}' has values of {column.Type.RawType}, but {typeof(TValue)} was asked for.");
}
