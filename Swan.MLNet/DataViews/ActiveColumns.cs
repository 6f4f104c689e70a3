using Microsoft.ML;

namespace Swan.MLNet.DataViews;

/// <summary>Which columns of a view a cursor is asked for.</summary>
internal static class ActiveColumns
{
    /// <summary>Tells them by index.</summary>
    /// <param name="schema">The view's.</param>
    /// <param name="columns">Those that are asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not part of the schema.</exception>
    public static bool[] Of(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        bool[] active = new bool[schema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            if (column.Index >= active.Length || schema[column.Index].Name != column.Name)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(columns), $"The column '{column.Name}' (index {column.Index}) is not part of this schema: {schema}.");
            }
            active[column.Index] = true;
        }
        return active;
    }
}
