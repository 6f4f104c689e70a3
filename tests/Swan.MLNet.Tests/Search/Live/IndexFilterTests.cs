using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class IndexFilterTests : IDisposable
{
    private const int Size = 7;

    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SwanIndexScan.Float32)]
    [InlineData(SwanIndexScan.Int8)]
    public void A_filtered_search_finds_what_is_left_of_all_results(SwanIndexScan scan)
    {
        using SwanLiveIndex index = _folder.Create(
            Size, scan, new SwanColumn("n", SwanColumnType.Number), new SwanColumn("region", SwanColumnType.Text));
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        for (int i = 0; i < 500; i++)
        {
            writer.Upsert($"{i}", LiveFolder.Row(i, Size), new Dictionary<string, object?>
            {
                ["n"] = i % 7 == 0 ? null : i, ["region"] = i % 2 == 0 ? "north" : "south",
            });
            if (i % 130 == 0) writer.Commit();
        }
        // A column that most segments don't have.
        writer.AddColumn(new SwanColumn("late", SwanColumnType.Boolean));
        for (int i = 0; i < 500; i += 5) writer.Remove($"{i}");
        for (int i = 1; i < 20; i += 2) writer.SetValues($"{i}", new Dictionary<string, object?> { ["late"] = true });
        writer.Commit();
        foreach (string filter in (string[])
        [
            "n < 100", "region = 'north' and n >= 17", "late = true", "late is null and n > 400", "n is null", "region = 'west'",
            "not n < 480",
        ])
        {
            float[] query = LiveFolder.Row(9999, Size);
            // Twice: the second time the rows that pass are known.
            for (int attempt = 0; attempt < 2; attempt++)
            {
                string[] expected =
                [
                    .. index.Search(query, 1000).Where(hit => Passes(filter, index.TryGet(hit.Key, out SwanRow? row) ? row.Values : null!))
                        .Select(hit => hit.Key),
                ];
                SwanHit[] hits = index.Search(query, new SwanGallerySearchOptions { K = 1000, Filter = SwanFilter.Parse(filter) });
                Assert.Equal(expected, hits.Select(hit => hit.Key));
            }
        }
        string message = Assert.ThrowsAny<SwanException>(() => index.Search(
            LiveFolder.Row(1, Size), new SwanGallerySearchOptions { Filter = SwanFilter.Parse("m = 1") })).Message;
        Assert.Contains("'m'", message, StringComparison.Ordinal);
    }

    private static bool Passes(string filter, IReadOnlyDictionary<string, object?> values)
    {
        double n = values["n"] is double number ? number : double.NaN;
        return filter switch
        {
            "n < 100" => n < 100,
            "region = 'north' and n >= 17" => Equals(values["region"], "north") && n >= 17,
            "late = true" => values["late"] is true,
            "late is null and n > 400" => values["late"] is null && n > 400,
            "n is null" => values["n"] is null,
            "region = 'west'" => false,
            _ => !(n < 480),
        };
    }
}
