using Swan.MLNet.Metadata;

namespace Swan.VectorData.Records;

/// <summary>The order of records by some of their properties; missing values come before all others. Safe for concurrent use.</summary>
internal sealed class RecordOrder : IComparer<RecordOrder.Place>
{
    private readonly RecordModel _model;
    private readonly (RecordProperty Property, bool Ascending)[] _by;

    /// <param name="model">The records.</param>
    /// <param name="by">The properties, the first of which counts most.</param>
    /// <exception cref="NotSupportedException">A property has no order.</exception>
    public RecordOrder(RecordModel model, IEnumerable<(RecordProperty Property, bool Ascending)> by)
    {
        (_model, _by) = (model, [.. by]);
        foreach ((RecordProperty property, _) in _by)
        {
            if (property is VectorProperty || property is DataProperty { Column.Type: SwanColumnType.Point or SwanColumnType.Box })
                throw new NotSupportedException($"Records can't be ordered by '{property.Name}': vectors, points and boxes have no order.");
        }
    }

    /// <summary>Whether any order will do.</summary>
    public bool IsAny => _by.Length == 0;

    /// <summary>The values that decide a row's place.</summary>
    /// <exception cref="InvalidDataException">The key stands for no value of its type.</exception>
    public Place PlaceOf(int row, string key, IReadOnlyDictionary<string, object?> values) => new(row, Array.ConvertAll(
        _by, by => by.Property is DataProperty data ? values.GetValueOrDefault(data.Column.Name) : _model.Key.ValueOf(key)));

    /// <summary>Of places, the first ones from one on, in their order.</summary>
    public List<Place> First(IEnumerable<Place> places, int skip, int top)
    {
        long kept = (long)skip + top;
        // The last of those that are kept comes out first.
        var best = new PriorityQueue<Place, Place>(Comparer<Place>.Create((a, b) => Compare(b, a)));
        foreach (Place place in places)
        {
            if (best.Count < kept) best.Enqueue(place, place);
            else best.EnqueueDequeue(place, place);
        }
        List<Place> sorted = [.. best.UnorderedItems.Select(item => item.Element)];
        sorted.Sort(this);
        return [.. sorted.Skip(skip)];
    }

    public int Compare(Place x, Place y)
    {
        for (int i = 0; i < _by.Length; i++)
        {
            int order = Compare(x.Values[i], y.Values[i]);
            if (order != 0) return _by[i].Ascending ? order : -order;
        }
        return x.Row.CompareTo(y.Row);
    }

    private static int Compare(object? a, object? b) =>
        a is string left && b is string right ? string.CompareOrdinal(left, right) : Comparer<object?>.Default.Compare(a, b);

    /// <param name="Row">The row's number, which settles ties.</param>
    /// <param name="Values">The values to order by.</param>
    internal readonly record struct Place(int Row, object?[] Values);
}
