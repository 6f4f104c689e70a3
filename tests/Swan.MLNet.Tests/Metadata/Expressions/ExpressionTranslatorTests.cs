using System.Collections.Frozen;
using System.Globalization;
using System.Linq.Expressions;
using Swan.MLNet.Metadata;

namespace Swan.MLNet.Tests.Metadata;

public sealed class ExpressionTranslatorTests
{
    private static readonly DateTime s_since = new(2025, 1, 1);

    private interface INamed
    {
        string? Region { get; }
    }

    private enum Kind
    {
        A,
    }

    [Fact]
    public void Comparisons_are_the_same_as_in_text()
    {
        DateTime since = s_since;
        DateTime? none = null, maybe = s_since;
        string north = "north";
        long far = 5_000_000_000;
        Same("Date >= 2025-01-01T00:00:00Z and Region = 'north'", t => t.Date >= since && t.Region == north);
        Same("Date >= 2025-01-01T00:00:00Z", t => s_since <= t.Date);
        Same("Date > 2025-01-01T00:00:00Z", t => t.Date > maybe);
        Same("Date > 2025-01-01T00:00:00Z", t => t.Date > maybe!.Value);
        Same("false", t => t.Date > none);
        Same("Height > 3 or Height <= -1.5", t => 3 < t.Height || t.Height <= -1.5);
        Same("Height = 4", t => t.Height!.Value == 4);
        Same("Height is not null and not Level != 2", t => t.Height.HasValue && !(t.Level != 2));
        Same("Level > 2.5 and Level < 5000000000", t => t.Level > 2.5 && t.Level < far);
        Same("Price = 0.5", t => t.Price == 0.5m);
        Same("Cloudy = true and not Cloudy = true and Cloudy = false", t => t.Cloudy && !t.Cloudy && t.Cloudy == false);
        Same("Sunny = true or Sunny is null", t => t.Sunny == true || t.Sunny == null);
        Same("Region is null or Region is not null", t => t.Region == null || null != t.Region);
        Same("Day = 2025-01-31", t => t.Day == new DateOnly(2025, 1, 31));
        Same("Taken < 2025-01-01T10:00:00Z", t => t.Taken < new DateTimeOffset(2025, 1, 1, 12, 0, 0, TimeSpan.FromHours(2)));
        Same("Level = 3", t => (t.Level > 3) == false & t.Level == 3 ? true : false, refused: true);
        Same("not Level > 3", t => (t.Level > 3) == false);
        Same("Taken >= 2025-01-01T00:00:00Z", t => t.Taken >= since);
        Same("Field = 'x'", t => t.Field == "x");
        Same("Region = 'NORTH'", t => t.Region == north.ToUpperInvariant());
    }

    [Fact]
    public void Texts_are_looked_into_ordinally()
    {
        Same("Region contains 'a' and Region starts with 'b' and Region ends with 'c'",
            t => t.Region!.Contains("a") && t.Region.StartsWith("b", StringComparison.Ordinal) && t.Region.EndsWith('c'));
        Same("Region = 'x' and Region = 'y' and Region = 'z'",
            t => t.Region!.Equals("x") && string.Equals("y", t.Region, StringComparison.Ordinal) && Equals(t.Region, "z"));
        Same("Region is null or Region = ''", t => string.IsNullOrEmpty(t.Region));
        Same("Region >= 'n' and Region < 'o'",
            t => string.CompareOrdinal(t.Region, "n") >= 0 && string.Compare("o", t.Region, StringComparison.Ordinal) > 0);
    }

    [Fact]
    public void Lists_of_any_kind_can_be_looked_into()
    {
        string?[] array = ["a", "b"];
        List<string?> list = ["a", "b"];
        HashSet<string?> set = ["a", "b"];
        FrozenSet<string?> frozen = set.ToFrozenSet();
        IEnumerable<string?> lazy = array.Where(_ => true);
        int[] numbers = [1, 2];
        Same("Region in ('a', 'b')", t => array.Contains(t.Region));
        Same("Region in ('a', 'b')", t => list.Contains(t.Region));
        Same("Region in ('a', 'b')", t => set.Contains(t.Region));
        Same("Region in ('a', 'b')", t => lazy.Contains(t.Region));
        Same("Region in ('a', 'b')", t => new SortedSet<string?>(array, StringComparer.Ordinal).Contains(t.Region));
        Same("Region in ('a', 'b')", t => new[] { "a", "b" }.Contains(t.Region));
        Assert.Equal(2, ((Inclusion)SwanFilter.From<Tile>(t => frozen.Contains(t.Region))).List.Length);
        Same("Level in (1, 2)", t => numbers.Contains(t.Level));
        Same("not Region in ('a', 'b')", t => !Enumerable.Contains(array, t.Region));
        Same("Region is null or Region in ('a')", t => new string?[] { "a", null }.Contains(t.Region));
        Same("Region is null", t => new string?[] { null }.Contains(t.Region));
        Same("false", t => Array.Empty<string>().Contains(t.Region));
        Same("Level in (1, 2)", t => new HashSet<int> { 1, 2 }.Contains(t.Level));
        Same("Level in (1, 2)", t => new SortedSet<int> { 2, 1 }.Contains(t.Level));
        Same("Level in (1, 2)", t => Enumerable.Range(1, 2).Contains(t.Level));
        Same("Level in (1, 2)", t => numbers.Where(number => number < 3).Contains(t.Level));
        Same("Height is null or Height in (1)", t => new HashSet<double?> { null, 1 }.Contains(t.Height));
        Same("Day in (2025-01-31)", t => new HashSet<DateOnly> { new(2025, 1, 31) }.Contains(t.Day));
    }

    [Fact]
    public void Shapes_are_asked_by_their_own_methods()
    {
        var box = new SwanBox(0, 0, 1, 1);
        var polygon = new SwanPolygon(new(0, 0), new(1, 0), new(1, 1));
        Same("Place within box(0, 0, 1, 1) or Place within polygon((0 0, 1 0, 1 1))",
            t => box.Contains(t.Place) || polygon.Contains(t.Place));
        Same("Footprint within box(0, 0, 1, 1) and Footprint intersects box(0, 0, 1, 1)",
            t => box.Contains(t.Footprint) && t.Footprint.Intersects(box));
        Same("Footprint intersects polygon((0 0, 1 0, 1 1))", t => polygon.Intersects(t.Footprint));
    }

    [Fact]
    public void Parts_that_do_not_depend_on_the_row_are_decided_as_in_csharp()
    {
        DateTime? since = null;
        bool all = true;
        Same("true", t => since == null || t.Date >= since.Value);
        Same("Level = 1", t => (since == null || t.Date >= since.Value) && t.Level == 1);
        Same("false", t => !all && t.Level == 1);
        Same("true", t => all);
        since = s_since;
        Same("Date >= 2025-01-01T00:00:00Z", t => since == null || t.Date >= since.Value);
    }

    [Fact]
    public void Names_can_be_mapped_and_records_can_be_dictionaries()
    {
        Assert.Equal("region_2 = 'a'",
            SwanFilter.From<Tile>(t => t.Region == "a", name => $"{name.ToLowerInvariant()}_2").ToString());
        string key = "Level";
        Assert.Equal("Region = 'a' and Level > 2 and Cloudy = true", SwanFilter.From<Dictionary<string, object?>>(
            r => (string?)r["Region"] == "a" && (int)r[key]! > 2 && (bool)r["Cloudy"]!).ToString());
        Assert.Equal("Region = 'a'", ByInterface<Tile>().ToString());
        Assert.Contains("'region name'", Refusal(() => SwanFilter.From<Tile>(t => t.Region == "a", _ => "region name")));

        static SwanFilter ByInterface<T>() where T : INamed => SwanFilter.From<T>(t => t.Region == "a");
    }

    [Fact]
    public void What_has_no_filter_is_refused_and_quoted()
    {
        string limit = "x";
        int? missing = null;
        int[] numbers = [1];
        HashSet<string?> ignoringCase = new(["a"], StringComparer.OrdinalIgnoreCase);
        Refused("t.Region.Length", t => t.Region!.Length > 3);
        Refused("t.Region.ToUpper(", t => t.Region!.ToUpper(CultureInfo.InvariantCulture) == limit);
        Refused("(t.Level * 2)", t => t.Level * 2 == 4);
        Refused("Both sides", t => t.Level == t.Height);
        Refused("OrdinalIgnoreCase", t => t.Region!.Contains(limit, StringComparison.OrdinalIgnoreCase));
        Refused("ignoringCase.Contains(t.Region)", t => ignoringCase.Contains(t.Region));
        Refused("t.Kind", t => t.Kind == Kind.A);
        Refused("t.Date.Year", t => t.Date.Year == 2025);
        Refused("t.Place.X", t => t.Place.X > 3);
        Refused("Convert(t.Price, Int32)", t => (int)t.Price == 3);
        Refused("t.Letter", t => t.Letter == 'a');
        Refused("missing.Value", t => t.Level == missing!.Value);
        Refused("InvalidOperationException", t => t.Level == missing!.Value);
        Refused("finite", t => t.Height > double.NaN);
        Refused("t.Tags", t => t.Tags.Contains("a"));
        Refused("CompareTo", t => t.Region!.CompareTo("a") > 0);
        Refused("t.Level", t => (uint)t.Level > 5);
        Refused("t.Level", t => t.Level == 16777216f);
        Dictionary<string, int> named = new(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 };
        Refused("KeyCollection", t => named.Keys.Contains(t.Region!));
        Refused("SortedSet", t => new SortedSet<string?> { "a" }.Contains(t.Region));
        HashSet<int> tens = new([1], new SameTens());
        HashSet<double?> alike = new([1], EqualityComparer<double?>.Create((_, _) => true, _ => 0));
        SortedSet<int> unordered = new([1], Comparer<int>.Create((_, _) => 0));
        Dictionary<int, int> byTens = new(new SameTens()) { [1] = 1 };
        Refused("HashSet", t => tens.Contains(t.Level));
        Refused("HashSet", t => alike.Contains(t.Height));
        Refused("SortedSet", t => unordered.Contains(t.Level));
        Refused("Look.Contains", t => Look.Contains(numbers, t.Level));
        Refused("KeyCollection", t => byTens.Keys.Contains(t.Level));
    }

    private static void Same(string text, Expression<Func<Tile, bool>> expression, bool refused = false)
    {
        if (refused) Refused("", expression);
        else Assert.Equal(SwanFilter.Parse(text), SwanFilter.From(expression));
    }

    private static void Refused(string said, Expression<Func<Tile, bool>> expression) =>
        Assert.Contains(said, Refusal(() => SwanFilter.From(expression)));

    private static string Refusal(Action make) => Assert.Throws<SwanFilterException>(make).Message;

    private static class Look
    {
        public static bool Contains(int[] numbers, int number) => numbers.All(other => other / 10 == number / 10);
    }

    private sealed class SameTens : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x / 10 == y / 10;

        public int GetHashCode(int value) => value / 10;
    }

    private sealed class Tile : INamed
    {
        public string Field = "";

        public string? Region { get; init; }

        public DateTime Date { get; init; }

        public DateOnly Day { get; init; }

        public DateTimeOffset Taken { get; init; }

        public double? Height { get; init; }

        public int Level { get; init; }

        public decimal Price { get; init; }

        public bool Cloudy { get; init; }

        public bool? Sunny { get; init; }

        public Kind Kind { get; init; }

        public char Letter { get; init; }

        public SwanPoint Place { get; init; }

        public SwanBox Footprint { get; init; }

        public string[] Tags { get; init; } = [];
    }
}
