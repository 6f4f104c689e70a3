using Swan.MLNet;
using Swan.MLNet.Metadata;

namespace Swan.Fuzz;

/// <summary>A column's part: the first byte is the type, the second the rows, and the part follows.</summary>
internal sealed class ColumnTarget : FuzzTarget
{
    private static readonly object[] s_values =
        ["north", 1.5, new DateTimeOffset(2025, 1, 31, 0, 0, 0, TimeSpan.Zero), true, new SwanPoint(1, 1), new SwanBox(1, 1, 2, 2)];

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        foreach (SwanColumnType type in Enum.GetValues<SwanColumnType>())
        {
            foreach (int rows in (int[])[0, 3, 70])
            {
                var builder = new ColumnBuilder(new SwanColumn("c", type));
                for (int row = 0; row < rows; row++)
                    builder.Add(row % 3 == 2 ? null : type == SwanColumnType.Text ? $"é{row}" : s_values[(int)type]);
                using var stream = new MemoryStream();
                builder.Write(stream);
                yield return ($"{type}-{rows}.bin", [(byte)type, (byte)rows, .. stream.ToArray()]);
            }
        }
    }

    public override void Run(byte[] bytes)
    {
        if (bytes.Length < 2) return;
        var column = new SwanColumn("c", (SwanColumnType)(bytes[0] % s_values.Length));
        int rows = bytes[1];
        try
        {
            ColumnData data = ColumnData.Open(column, rows, bytes.AsMemory(2));
            var columns = new Dictionary<string, ColumnData> { ["c"] = data };
            SwanFilterColumn c = SwanFilter.Column("c");
            SwanFilter filter = column.Type switch
            {
                SwanColumnType.Point or SwanColumnType.Box => c.Within(new SwanPolygon(new(0, 0), new(3, 0), new(0, 3))),
                _ => c == SwanFilterValue.Of(s_values[(int)column.Type]),
            };
            int found = FilterPlan.Evaluate(filter, columns, rows).Count, missing = FilterPlan.Evaluate(c == null, columns, rows).Count;
            if (found + missing > rows) throw Broken($"{found} rows have a value, {missing} have none, and there are {rows}");
            for (int row = 0; row < rows; row++) column.Check(data[row]);
        }
        catch (SwanFormatException)
        {
            // refused
        }
    }
}
