using System.Globalization;
using Swan.MLNet.Metadata;

namespace Swan.Benchmarks.Commands;

/// <summary>Columns of each type with random values, of which every twentieth is missing.</summary>
internal static class FilterColumns
{
    /// <summary>Seconds over which dates lie: ten years.</summary>
    public const double Seconds = 10 * 365.0 * 24 * 3600;

    private const int RegionCount = 1000;

    /// <summary>The first date.</summary>
    public static DateTimeOffset First { get; } = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The columns by their names.</summary>
    public static Dictionary<string, ColumnData> Make(int rows, double side, int seed)
    {
        var random = new Random(seed);
        (string Name, SwanColumnType Type, Func<int, object> Value)[] columns =
        [
            ("height", SwanColumnType.Number, _ => random.NextDouble()),
            ("date", SwanColumnType.Date, _ => First.AddSeconds(Math.Floor(random.NextDouble() * Seconds))),
            ("flag_01", SwanColumnType.Boolean, _ => random.NextDouble() < 0.001),
            ("flag_1", SwanColumnType.Boolean, _ => random.NextDouble() < 0.01),
            ("flag_10", SwanColumnType.Boolean, _ => random.NextDouble() < 0.1),
            ("flag_50", SwanColumnType.Boolean, _ => random.NextDouble() < 0.5),
            ("region", SwanColumnType.Text, _ => Region(random.Next(RegionCount))),
            ("tile", SwanColumnType.Text, _ => string.Create(CultureInfo.InvariantCulture, $"tile {random.Next(50_000):D5}")),
            ("file", SwanColumnType.Text, row => string.Create(CultureInfo.InvariantCulture, $"scene{row:D7}_{random.Next(1000):D3}.tif")),
            ("place", SwanColumnType.Point, _ => new SwanPoint(side * random.NextDouble(), side * random.NextDouble())),
            ("footprint", SwanColumnType.Box, _ => Box(side * random.NextDouble(), side * random.NextDouble())),
        ];
        return columns.ToDictionary(c => c.Name, c => Open(new SwanColumn(c.Name, c.Type), rows, c.Value, random));
    }

    /// <summary>How a share is written in a column's name.</summary>
    public static string Percent(double share) => share < 0.01 ? "01" : (100 * share).ToString("F0", CultureInfo.InvariantCulture);

    /// <summary>Regions that a share of the rows have, spread over all of them, so that their codes don't follow each other.</summary>
    public static IEnumerable<string> Regions(double share) => Enumerable.Range(0, (int)(share * RegionCount))
        .Select(i => Region((int)(i / share)));

    private static string Region(int number) => string.Create(CultureInfo.InvariantCulture, $"region {number:D3}");

    private static SwanBox Box(double west, double south) => new(west, south, west + 1, south + 1);

    private static ColumnData Open(SwanColumn column, int rows, Func<int, object> value, Random random)
    {
        var builder = new ColumnBuilder(column);
        for (int row = 0; row < rows; row++) builder.Add(random.Next(20) == 0 ? null : column.Check(value(row)));
        using var stream = new MemoryStream(checked((int)builder.Length));
        builder.Write(stream);
        return ColumnData.Open(column, rows, stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }
}
