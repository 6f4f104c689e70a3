using System.Text;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.Fuzz;

/// <summary>Filters as text: one is read back from its own text, and finds each row either way.</summary>
internal sealed class FilterTarget : FuzzTarget
{
    private static readonly SwanColumn[] s_columns =
    [
        new("region", SwanColumnType.Text), new("height", SwanColumnType.Number), new("date", SwanColumnType.Date),
        new("cloudy", SwanColumnType.Boolean), new("place", SwanColumnType.Point), new("footprint", SwanColumnType.Box),
    ];

    private readonly Dictionary<string, ColumnData> _data = s_columns.ToDictionary(column => column.Name, Make);

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        string[] filters =
        [
            "date >= 2025-01-01 and region = 'north'", "not (height between -1.5e3 and .5 or cloudy) and region is not null",
            "region in ('it''s', \"b\") or region starts with 'n' or region not contains 'ü😀'", "date in (2025-01-31T12:00:00.5+02:00)",
            "place within box(-1, -2, 3.5, 4) and footprint intersects polygon((0 0, 4 0, 4 4), (1 1, 2 1, 2 2, 1 1))",
            "height > 1e400", "region = 'open", "((((true", "date = 2025-02-30",
        ];
        return filters.Select((filter, i) => ($"filter{i}.txt", Encoding.UTF8.GetBytes(filter)));
    }

    public override void Run(byte[] bytes)
    {
        SwanFilter filter;
        try
        {
            filter = SwanFilter.Parse(Encoding.UTF8.GetString(bytes));
            if (!SwanFilter.Parse(filter.ToString()).Equals(filter)) throw Broken($"{filter} is read back as another filter");
            filter.Check(s_columns);
        }
        catch (SwanFilterException)
        {
            return;
        }
        RowBits found = FilterPlan.Evaluate(filter, _data, 2), others = FilterPlan.Evaluate(!filter, _data, 2);
        if (found[0] == others[0] || found[1] == others[1]) throw Broken($"{filter} neither finds a row nor doesn't");
    }

    // One row that has a value, and one that has none.
    private static ColumnData Make(SwanColumn column)
    {
        var builder = new ColumnBuilder(column);
        builder.Add(column.Check(column.Type switch
        {
            SwanColumnType.Text => "north",
            SwanColumnType.Number => 1.5,
            SwanColumnType.Date => new DateTime(2025, 1, 31, 0, 0, 0, DateTimeKind.Utc),
            SwanColumnType.Boolean => true,
            SwanColumnType.Point => new SwanPoint(1, 1),
            _ => new SwanBox(1, 1, 2, 2),
        }));
        builder.Add(null);
        using var stream = new MemoryStream();
        builder.Write(stream);
        return ColumnData.Open(column, 2, stream.ToArray());
    }
}
