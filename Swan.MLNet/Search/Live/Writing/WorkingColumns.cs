using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

/// <summary>The columns of an index as its writer knows them, between values by name and values by column.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="columns">Those of the last commit, then those that were added since.</param>
internal sealed class WorkingColumns(SwanColumn[] columns)
{
    public SwanColumn[] All => columns;

    /// <summary>Whether a column isn't there.</summary>
    /// <exception cref="ArgumentException">There is one of its name and another type.</exception>
    public bool IsNew(SwanColumn column)
    {
        if (Array.Find(columns, known => known.Name == column.Name) is not { } same) return true;
        return same == column
            ? false
            : throw new ArgumentException(
                $"The index already has a column '{column.Name}' of type {same.Type}, so it can't have one of type {column.Type}. "
                + "Choose another name.",
                nameof(column));
    }

    /// <summary>The same columns, and one more.</summary>
    public WorkingColumns With(SwanColumn column) => new([.. columns, column]);

    /// <summary>Values by column.</summary>
    /// <param name="named">By name; null: none.</param>
    /// <param name="parameter">The caller's, which has them.</param>
    /// <param name="others">Those of columns that are not named; null: they are missing. Written to.</param>
    /// <param name="row">The row that they are of, for the message; null: there is but one.</param>
    /// <exception cref="ArgumentException">There is no such column, or it can't have its value.</exception>
    public object?[] Values(IReadOnlyDictionary<string, object?>? named, string parameter, object?[]? others = null, long? row = null)
    {
        object?[] values = others ?? new object?[columns.Length];
        foreach ((string name, object? value) in named ?? Enumerable.Empty<KeyValuePair<string, object?>>())
        {
            int column = Array.FindIndex(columns, column => column.Name == name);
            string where = row is null ? "" : $"Row {row:N0}: ";
            if (column < 0)
            {
                throw new ArgumentException(
                    $"{where}The index has no column '{name}'. "
                    + (columns.Length == 0 ? "It has none; " : $"It has {string.Join(", ", columns.Select(c => $"'{c.Name}'"))}; ")
                    + "add one with AddColumn.",
                    parameter);
            }
            try
            {
                values[column] = columns[column].Check(value);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"{where}{e.Sentence()}", parameter, e);
            }
        }
        return values;
    }

    /// <summary>The values of a stored row.</summary>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public object?[] ValuesAt(WorkingRows rows, RowPlace place)
    {
        var values = new object?[columns.Length];
        for (int column = 0; column < values.Length; column++) values[column] = rows.Value(place, columns, column);
        return values;
    }

    /// <summary>The same by name.</summary>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public Dictionary<string, object?> NamedAt(WorkingRows rows, RowPlace place)
    {
        var named = new Dictionary<string, object?>(columns.Length, StringComparer.Ordinal);
        for (int column = 0; column < columns.Length; column++) named.Add(columns[column].Name, rows.Value(place, columns, column));
        return named;
    }

    /// <summary>Whether a stored row has these values.</summary>
    /// <exception cref="SwanFormatException">They are damaged.</exception>
    public bool AreAt(WorkingRows rows, RowPlace place, object?[] values)
    {
        for (int column = 0; column < columns.Length; column++)
        {
            if (!Equals(rows.Value(place, columns, column), values[column])) return false;
        }
        return true;
    }
}
