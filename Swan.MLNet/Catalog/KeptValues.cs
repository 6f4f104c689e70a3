using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet;

/// <summary>The values that a replaced row keeps: those of columns that the new rows don't have.</summary>
/// <param name="writer">The index's, which has all columns by now.</param>
/// <param name="given">The columns of the new rows.</param>
internal sealed class KeptValues(SwanIndexWriter writer, IEnumerable<SwanColumn> given)
{
    private readonly string[] _others = [.. writer.Columns.Except(given).Select(column => column.Name)];

    /// <summary>Adds them to a new row's values.</summary>
    /// <param name="key">The row's key; an invalid one has nothing to keep, and is refused later.</param>
    /// <param name="values">The row's.</param>
    public void AddTo(string key, Dictionary<string, object?> values)
    {
        if (_others.Length == 0 || SwanIndexBuilder.KeyFault(key) is not null || writer.Find(key) is not { } before) return;
        foreach (string column in _others) values.Add(column, before.Values[column]);
    }
}
