using CsCheck;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

/// <summary>Random values, and filters beside what they mean.</summary>
internal static class RandomColumns
{
    /// <summary>A filter, and whether a row's values pass it.</summary>
    internal sealed record Pair(SwanFilter Filter, Func<IReadOnlyDictionary<string, object?>, bool> Passes);

    private static readonly Gen<string> Texts = Gen.OneOf<string>(
        Gen.OneOf<string>("", "north", "northern", "North", "süd", "ſ", "a'b", "\"", "\uE000", "\uFFFD", "😀", "😀north", "\0", "\n"),
        Gen.Char['a', 'c'].Array[0, 3].Select(letters => new string(letters)),
        Gen.String.Where(s => s.EnumerateRunes().All(rune => rune.Value != 0xFFFD)));

    private static readonly Gen<double> Numbers = Gen.OneOf<double>(
        Gen.OneOf<double>(0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 0.1, 1e300),
        Gen.Int[-3, 3].Select(i => (double)i),
        Gen.Double.Where(double.IsFinite));

    private static readonly Gen<DateTimeOffset> Dates = Gen.OneOf<DateTimeOffset>(
        Gen.OneOf<DateTimeOffset>(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new(2025, 1, 1, 23, 59, 59, TimeSpan.Zero), new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero).AddTicks(-1),
            new(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1)),
        Gen.Int[0, 4 * 24].Select(hour => new DateTimeOffset(2024, 12, 31, 0, 0, 0, TimeSpan.Zero).AddHours(hour)));

    private static readonly Gen<DateOnly> Days = Gen.OneOf<DateOnly>(
        Gen.OneOf<DateOnly>(DateOnly.MinValue, DateOnly.MaxValue), Gen.Int[0, 4].Select(day => new DateOnly(2024, 12, 31).AddDays(day)));

    private static readonly Gen<SwanPoint> Points = Gen.Select(Gen.Int[-3, 3], Gen.Int[-3, 3], (x, y) => new SwanPoint(x, y));

    private static readonly Gen<SwanBox> Boxes = Gen.Select(Points, Points, (a, b) =>
        new SwanBox(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Max(a.X, b.X), Math.Max(a.Y, b.Y)));

    private static readonly Gen<SwanPolygon> Polygons = Points.Array[3, 5].Array[1, 2]
        .Where(rings => rings.All(ring => ring.Distinct().Count() >= 3)).Select(rings => new SwanPolygon(rings));

    /// <summary>A column of each type; the text has few or many values.</summary>
    public static SwanColumn[] All { get; } =
        [.. Enum.GetValues<SwanColumnType>().Select(type => new SwanColumn($"c_{type}", type))];

    /// <summary>A column's values, every fifth or so missing.</summary>
    public static Gen<object?> Values(SwanColumnType type)
    {
        Gen<object?> values = type switch
        {
            SwanColumnType.Text => Texts.Select(v => (object?)v),
            SwanColumnType.Number => Numbers.Select(v => (object?)v),
            SwanColumnType.Date => Dates.Select(v => (object?)v),
            SwanColumnType.Boolean => Gen.Bool.Select(v => (object?)v),
            SwanColumnType.Point => Points.Select(v => (object?)v),
            _ => Boxes.Select(v => (object?)v),
        };
        return Gen.Select(values, Gen.Int[0, 4], (value, chance) => chance == 0 ? null : value);
    }

    /// <summary>One filter for each way that a column is looked at.</summary>
    public static IEnumerable<SwanFilter> SomeFilters(SwanColumn column)
    {
        SwanFilterColumn c = SwanFilter.Column(column.Name);
        return column.Type switch
        {
            SwanColumnType.Text => [c == "north", c.Contains("a"), c < "b", c.In("a", "b", "c", "aa", "bb", "cc", "ab"), c.IsNull()],
            SwanColumnType.Number => [c > 0, c.In(1, 2), c.IsNull()],
            SwanColumnType.Date => [c >= new DateOnly(2025, 1, 1), c.IsNull()],
            SwanColumnType.Boolean => [c == true, c != true],
            SwanColumnType.Point => [c.Within(new SwanBox(0, 0, 2, 2)), c.Within(new SwanPolygon(new(0, 0), new(2, 0), new(1, 2)))],
            _ => [c.Within(new SwanBox(0, 0, 2, 2)), c.Intersects(new SwanPolygon(new(0, 0), new(2, 0), new(1, 2)))],
        };
    }

    /// <summary>Filters of a few levels over <see cref="All"/>.</summary>
    public static Gen<Pair> Filters(int levels = 3)
    {
        if (levels == 0) return Terms();
        Gen<Pair> inner = Filters(levels - 1);
        return Gen.OneOf<Pair>(
            Terms(),
            Gen.Select(inner, inner, (a, b) => new Pair(a.Filter & b.Filter, row => a.Passes(row) && b.Passes(row))),
            Gen.Select(inner, inner, (a, b) => new Pair(a.Filter | b.Filter, row => a.Passes(row) || b.Passes(row))),
            inner.Select(a => new Pair(!a.Filter, row => !a.Passes(row))));
    }

    private static Gen<Pair> Terms() => Gen.OneOf<Pair>(
        Gen.OneOf<SwanColumn>(All).Select(c => new Pair(SwanFilter.Column(c.Name).IsNull(), row => row[c.Name] is null)),
        Ordered(SwanColumnType.Text, Texts, v => v, (string a, string b) => string.CompareOrdinal(a, b)),
        Ordered(SwanColumnType.Number, Numbers, v => v, (double a, double b) => a < b ? -1 : a > b ? 1 : 0),
        Ordered(SwanColumnType.Date, Dates, v => v, (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b)),
        Ordered(SwanColumnType.Date, Days, v => v,
            (DateTimeOffset a, DateOnly b) => DateOnly.FromDateTime(a.UtcDateTime).CompareTo(b)),
        Gen.Select(Gen.Bool, Gen.Bool, (value, equal) => new Pair(
            equal ? Column(SwanColumnType.Boolean) == value : Column(SwanColumnType.Boolean) != value,
            Row<bool>(SwanColumnType.Boolean, v => v == value == equal))),
        Parts(),
        Gen.Select(Boxes, box => new Pair(Column(SwanColumnType.Point).Within(box), Row<SwanPoint>(SwanColumnType.Point, box.Contains))),
        Gen.Select(Polygons, p => new Pair(Column(SwanColumnType.Point).Within(p), Row<SwanPoint>(SwanColumnType.Point, p.Contains))),
        Gen.Select(Boxes, box => new Pair(Column(SwanColumnType.Box).Within(box), Row<SwanBox>(SwanColumnType.Box, box.Contains))),
        Gen.Select(Boxes, box => new Pair(Column(SwanColumnType.Box).Intersects(box), Row<SwanBox>(SwanColumnType.Box, box.Intersects))),
        Gen.Select(Polygons, p => new Pair(Column(SwanColumnType.Box).Within(p), Row<SwanBox>(SwanColumnType.Box, p.Contains))),
        Gen.Select(Polygons, p => new Pair(Column(SwanColumnType.Box).Intersects(p), Row<SwanBox>(SwanColumnType.Box, p.Intersects))));

    private static Gen<Pair> Parts() => Gen.Select(Texts, Gen.Int[0, 2], (part, kind) => kind switch
    {
        0 => new Pair(Column(SwanColumnType.Text).Contains(part),
            Row<string>(SwanColumnType.Text, v => v.Contains(part, StringComparison.Ordinal))),
        1 => new Pair(Column(SwanColumnType.Text).StartsWith(part),
            Row<string>(SwanColumnType.Text, v => v.StartsWith(part, StringComparison.Ordinal))),
        _ => new Pair(Column(SwanColumnType.Text).EndsWith(part),
            Row<string>(SwanColumnType.Text, v => v.EndsWith(part, StringComparison.Ordinal))),
    });

    private static Gen<Pair> Ordered<TValue, TOther>(
        SwanColumnType type, Gen<TOther> others, Func<TOther, SwanFilterValue> literal, Func<TValue, TOther, int> compare)
        where TValue : notnull => Gen.Select(Gen.Int[0, 7], others, others, others.Array[1, 40], (kind, other, second, list) =>
    {
        SwanFilterColumn c = Column(type);
        return kind switch
        {
            0 => new Pair(c == literal(other), Row<TValue>(type, v => compare(v, other) == 0)),
            1 => new Pair(c != literal(other), Row<TValue>(type, v => compare(v, other) != 0)),
            2 => new Pair(c < literal(other), Row<TValue>(type, v => compare(v, other) < 0)),
            3 => new Pair(c <= literal(other), Row<TValue>(type, v => compare(v, other) <= 0)),
            4 => new Pair(c > literal(other), Row<TValue>(type, v => compare(v, other) > 0)),
            5 => new Pair(c >= literal(other), Row<TValue>(type, v => compare(v, other) >= 0)),
            6 => Between(other, second),
            _ => new Pair(c.In(list.Select(literal)), Row<TValue>(type, v => list.Any(o => compare(v, o) == 0))),
        };

        Pair Between(TOther low, TOther high)
        {
            if (Interval.Fault(c.Name, literal(low), literal(high)) is not null) (low, high) = (high, low);
            return new Pair(c.Between(literal(low), literal(high)),
                Row<TValue>(type, v => compare(v, low) >= 0 && compare(v, high) <= 0));
        }
    });

    private static SwanFilterColumn Column(SwanColumnType type) => SwanFilter.Column($"c_{type}");

    // A comparison with a missing value is false.
    private static Func<IReadOnlyDictionary<string, object?>, bool> Row<T>(SwanColumnType type, Func<T, bool> passes) =>
        row => row[$"c_{type}"] is T value && passes(value);
}
