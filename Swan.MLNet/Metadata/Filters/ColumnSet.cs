namespace Swan.MLNet.Metadata;

/// <summary>The columns that a filter may name.</summary>
internal sealed class ColumnSet
{
    private const int MaxListed = 20;

    private readonly Dictionary<string, SwanColumn> _columns = new(StringComparer.Ordinal);

    public ColumnSet(IEnumerable<SwanColumn> columns)
    {
        foreach (SwanColumn column in columns) _columns[column.Name] = column;
    }

    /// <summary>Whether there is a column of a name.</summary>
    public bool Has(string name) => _columns.ContainsKey(name);

    /// <summary>A column's type, as the end of a sentence; there is such a column.</summary>
    public string Describe(string name) => $"'{name}' is a {ColumnValues.Name(_columns[name].Type)} column";

    /// <summary>What is wrong with a comparison; null where nothing is.</summary>
    public string? Fault(FilterTerm term) =>
        _columns.TryGetValue(term.Name, out SwanColumn? column) ? term.Fault(column.Type) : Unknown(term.Name);

    /// <summary>The error for an unknown column, with the existing ones.</summary>
    public string Unknown(string name)
    {
        if (_columns.Count == 0) return $"There is no column '{name}': the index has no columns.";
        string? near = _columns.Keys.Select(known => (Name: known, Distance: Distance(known, name)))
            .Where(known => known.Distance <= Math.Max(1, name.Length / 3))
            .OrderBy(known => known.Distance).ThenBy(known => known.Name, StringComparer.Ordinal)
            .Select(known => known.Name).FirstOrDefault();
        string more = _columns.Count > MaxListed ? $" and {_columns.Count - MaxListed} more" : "";
        string list = string.Join(", ", _columns.Values.Order(Comparer<SwanColumn>.Create(
            (a, b) => string.CompareOrdinal(a.Name, b.Name))).Take(MaxListed));
        return $"There is no column '{name}'.{(near is null ? "" : $" Did you mean '{near}'?")} Columns: {list}{more}.";
    }

    // Letters to change, add or leave out, whatever their case; two that changed places count as one. Names have at most 64 characters.
    private static int Distance(string a, string b)
    {
        (a, b) = (a.ToUpperInvariant(), b.ToUpperInvariant());
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(change, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
