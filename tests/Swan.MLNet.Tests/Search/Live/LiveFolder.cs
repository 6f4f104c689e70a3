using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

/// <summary>A folder for an index, with small rows that are told apart.</summary>
internal sealed class LiveFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Index => _folder.File("index");

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>An index that looks at each search.</summary>
    public SwanLiveIndex Create(int size = 3, SwanIndexScan scan = SwanIndexScan.Float32, params SwanColumn[] columns) =>
        SwanLiveIndex.Create(
            Index, new SwanIndexSettings(size) { Columns = columns, Scan = scan }, new() { RefreshInterval = TimeSpan.Zero });

    public SwanLiveIndex Open() => SwanLiveIndex.Open(Index, new() { RefreshInterval = TimeSpan.Zero });

    /// <summary>A vector of unit length for a number.</summary>
    public static float[] Row(int number, int size = 3)
    {
        var random = new Random(number);
        float[] row = [.. Enumerable.Range(0, size).Select(_ => (float)(random.NextDouble() - 0.5))];
        double length = Math.Sqrt(row.Sum(value => (double)value * value));
        return [.. row.Select(value => (float)(value / length))];
    }

    public void Dispose() => _folder.Dispose();
}
