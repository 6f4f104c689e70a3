using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

/// <summary>A segment's columns by name; each is opened and compared with its checksums at its first use.</summary>
internal sealed class SegmentColumns(Segment segment, IReadOnlyList<SwanColumn> columns) : IReadOnlyDictionary<string, ColumnData>
{
    public int Count => All().Count();

    public IEnumerable<string> Keys => All().Select(column => column.Key);

    public IEnumerable<ColumnData> Values => All().Select(column => column.Value);

    public ColumnData this[string key] =>
        TryGetValue(key, out ColumnData? column) ? column : throw new KeyNotFoundException($"The segment has no column '{key}'.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out ColumnData value)
    {
        value = columns.FirstOrDefault(column => column.Name == key) is { } column ? segment.Column(column) : null;
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, ColumnData>> GetEnumerator() => All().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<KeyValuePair<string, ColumnData>> All()
    {
        foreach (SwanColumn column in columns)
        {
            if (segment.Column(column) is { } values) yield return new(column.Name, values);
        }
    }
}
