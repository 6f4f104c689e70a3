using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Catalog;

public sealed class UnfinishedIndexTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_index_that_another_process_made_stays()
    {
        using var unfinished = new UnfinishedIndex(Folder);
        Create();
        unfinished.Dispose();
        Assert.Equal(0, Opened(index => index.Count));
    }

    [Fact]
    public void An_index_that_somebody_writes_or_has_filled_stays()
    {
        using var unfinished = new UnfinishedIndex(Folder);
        Create();
        unfinished.IsCreated = true;
        using (SwanLiveIndex index = SwanLiveIndex.Open(Folder))
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            unfinished.Dispose();
            writer.Upsert("a", [1, 0]);
            writer.Commit(TestContext.Current.CancellationToken);
        }
        unfinished.Dispose();
        Assert.Equal(1, Opened(index => index.Count));
    }

    [Fact]
    public void What_a_refused_build_has_left_is_removed()
    {
        using var unfinished = new UnfinishedIndex(Folder);
        Create();
        File.Delete(Path.Combine(Folder, "manifest.json"));
        unfinished.Dispose();
        Assert.False(Directory.Exists(Folder));
    }

    private string Folder => _folder.File("index");

    private void Create() => SwanLiveIndex.Create(Folder, new SwanIndexSettings(2)).Dispose();

    private int Opened(Func<SwanLiveIndex, int> ask)
    {
        using SwanLiveIndex index = SwanLiveIndex.Open(Folder);
        return ask(index);
    }
}
