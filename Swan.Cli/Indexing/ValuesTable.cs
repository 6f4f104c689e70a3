using Swan.Batch.Indexes;
using Swan.Cli.Outcomes;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>Values for an index's columns, by key.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">For each key the values that it is given, null where one is missing from now on; others stay.</param>
/// <param name="Empty">Columns that are left out: no cell has a value, so their type is unknown.</param>
internal sealed record ValuesTable(
    IReadOnlyList<SwanColumn> Columns, IReadOnlyDictionary<string, IReadOnlyDictionary<string, object?>> Rows,
    IReadOnlyList<string> Empty)
{
    /// <summary>No values.</summary>
    public static ValuesTable None { get; } = new([], new Dictionary<string, IReadOnlyDictionary<string, object?>>(), []);

    /// <summary>Gives the cells of a file their types.</summary>
    /// <param name="file">The cells.</param>
    /// <param name="known">Columns that the index has: their types hold.</param>
    /// <param name="given">Types that the command line gives, by column.</param>
    /// <exception cref="CommandException">A cell can't be a value of its column; the message names line and column.</exception>
    public static ValuesTable From(
        ValuesFile file, IReadOnlyList<SwanColumn> known, IReadOnlyDictionary<string, SwanColumnType> given)
    {
        if (given.Keys.FirstOrDefault(name => !file.Columns.Contains(name)) is { } unknown)
            throw new UsageException($"--type names the column '{unknown}', which '{file.Name}' doesn't have.");
        if (file.Columns.FirstOrDefault(name => ImageFile.Columns.Any(c => c.Name == name)) is { } own)
        {
            throw new CommandException(
                $"'{file.Name}' has a column '{own}', which swan itself fills from the file system. Give it another name.");
        }
        (string Name, SwanColumn? Column)[] found = [.. file.Columns.Select(name => (name, Column(file, name, known, given)))];
        SwanColumn[] columns = [.. found.Select(f => f.Column).OfType<SwanColumn>()];
        var rows = new Dictionary<string, IReadOnlyDictionary<string, object?>>(file.Rows.Count, StringComparer.Ordinal);
        var lines = new Dictionary<string, int>(file.Rows.Count, StringComparer.Ordinal);
        foreach (ValuesRow row in file.Rows)
        {
            if (SwanIndexBuilder.KeyFault(row.Key) is { } fault)
                throw new CommandException($"'{file.Name}', line {row.Line}: the key {fault}");
            var values = new Dictionary<string, object?>(columns.Length, StringComparer.Ordinal);
            foreach (SwanColumn column in columns)
            {
                if (row.Cells.TryGetValue(column.Name, out object? cell)) values.Add(column.Name, Value(file, row, column, cell));
            }
            if (!rows.TryAdd(row.Key, values))
            {
                throw new CommandException(
                    $"'{file.Name}', line {row.Line}: '{row.Key}' is in line {lines[row.Key]} already. Keep one of them.");
            }
            lines.Add(row.Key, row.Line);
        }
        return new ValuesTable(columns, rows, [.. found.Where(f => f.Column is null).Select(f => f.Name)]);
    }

    /// <summary>A key's values; empty where there are none.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Of(string key) => Rows.TryGetValue(key, out var values) ? values : [];

    /// <summary>Gives all rows that an index has their values.</summary>
    /// <param name="writer">The index's; columns that it doesn't have are added.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>How many rows have other values now.</returns>
    public long SetAll(SwanIndexWriter writer, CancellationToken cancellation)
    {
        foreach (SwanColumn column in Columns) AddColumn(writer, column);
        long changed = 0;
        foreach ((string key, IReadOnlyDictionary<string, object?> values) in Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            if (writer.SetValues(key, values) == SwanRowChange.Replaced) changed++;
        }
        return changed;
    }

    /// <summary>Adds a column that an index may have already.</summary>
    /// <exception cref="CommandException">The index has it with another type, or can't take it.</exception>
    public static void AddColumn(SwanIndexWriter writer, SwanColumn column)
    {
        try
        {
            writer.AddColumn(column);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"The index can't take the column '{column.Name}': {e.Sentence()}", e);
        }
    }

    /// <summary>Refuses another type for a column than it has.</summary>
    /// <param name="column">The index's.</param>
    /// <param name="given">The types that the command line names.</param>
    /// <exception cref="UsageException">They differ.</exception>
    public static void RequireType(SwanColumn column, IReadOnlyDictionary<string, SwanColumnType> given)
    {
        if (!given.TryGetValue(column.Name, out SwanColumnType type) || type == column.Type) return;
        throw new UsageException($"--type says that '{column.Name}' is {Name(type)}, but in the index it is {Name(column.Type)}, and "
            + "columns keep their types.");
    }

    // A column has its type for good, so one without values has to be given it.
    private static SwanColumn? Column(
        ValuesFile file, string name, IReadOnlyList<SwanColumn> known, IReadOnlyDictionary<string, SwanColumnType> given)
    {
        try
        {
            SwanColumn? same = known.FirstOrDefault(c => c.Name == name);
            if (same is not null) RequireType(same, given);
            if (given.TryGetValue(name, out SwanColumnType type)) return new SwanColumn(name, type);
            if (same is not null) return same;
            object[] values = [.. file.Rows.Select(row => row.Cells.GetValueOrDefault(name)).OfType<object>()];
            return values.Length == 0 ? null : new SwanColumn(name, GivenValue.TypeOf(values));
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"'{file.Name}': {e.Sentence()}", e);
        }
    }

    private static object? Value(ValuesFile file, ValuesRow row, SwanColumn column, object? cell)
    {
        if (cell is null) return null;
        try
        {
            if (GivenValue.Read(column.Type, cell) is { } value) return column.Check(value);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"'{file.Name}', line {row.Line}: {e.Sentence()}", e);
        }
        throw new CommandException(
            $"'{file.Name}', line {row.Line}: '{column.Name}' is '{Text(cell)}', but the column's type is {Name(column.Type)}; expected "
            + $"{GivenValue.FormOf(column.Type)}. Make a new column text with --type {column.Name}=text.");
    }

    private static string Text(object cell) => cell is double[] numbers ? $"[{string.Join(", ", numbers)}]"
        : FormattableString.Invariant($"{cell}");

    private static string Name(SwanColumnType type) => type.ToString().ToLowerInvariant();
}
