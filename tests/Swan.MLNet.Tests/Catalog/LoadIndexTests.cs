using Microsoft.ML;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Catalog;

public sealed class LoadIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_index_is_loaded_from_the_context_and_the_log_says_what_it_holds()
    {
        string path = _folder.File("gallery.swanindex");
        SwanIndex.Build([1, 0, 0, 1], 2, ["east", "north"]).Save(path);
        var log = new List<string>();
        _ml.Log += (_, line) => log.Add(line.Message);

        SwanIndex index = _ml.Swan().LoadIndex(path);

        Assert.Equal("north", index.Search([0.1f, 1], 1)[0].Key);
        Assert.Contains(log, line => line.Contains("2 rows of 2 values", StringComparison.Ordinal));
        Assert.Throws<FileNotFoundException>(() => _ml.Swan().LoadIndex(_folder.File("none.swanindex")));
    }
}
