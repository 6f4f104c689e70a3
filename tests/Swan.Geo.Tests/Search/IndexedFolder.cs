using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Geo.Tests.Search;

/// <summary>A folder of small scenes and an index of it. A scene of 400 meters has 9 windows.</summary>
internal sealed class IndexedFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public IndexedFolder()
    {
        Directory.CreateDirectory(Scenes);
        ModelPath = TinyModel.Write(_folder.FullName);
        Model = SwanModel.Open(ModelPath);
        Index = _folder.File("index");
    }

    public string ModelPath { get; }

    public SwanModel Model { get; }

    public string Scenes => _folder.File("scenes");

    public string Index { get; set; }

    public string File(string name) => _folder.File(name);

    public string Path(string scene) => System.IO.Path.Combine(Scenes, scene);

    /// <summary>Writes a scene over the one that has the name.</summary>
    /// <param name="name">Its path in the folder.</param>
    /// <param name="version">Other versions have other pixels.</param>
    /// <param name="height">Pixels, or meters.</param>
    public string Draw(string name, int version = 0, int height = 400)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        var format = new RasterFormat(400, height, 3, TiffSampleType.Byte) { Geo = DrawnScene.Utm32(1) };
        return DrawnScene.Write(Path(name), format, (x, y, band) => (DrawnScene.Value(x, y, band) + version) % 251);
    }

    public SwanSceneIndexer Look(SwanSceneIndexerOptions? update = null) => SwanSceneIndexer.Look(
        Index, Scenes, new SwanSceneOptions { GroundSides = [200] }, update ?? new(), TestContext.Current.CancellationToken);

    public SwanSceneChanges Update(SwanSceneIndexerOptions? update = null, Action<SwanSceneProgress>? progress = null) => Look(update).Run(
        Model, progress is null ? null : new Immediate<SwanSceneProgress>(progress), TestContext.Current.CancellationToken);

    /// <summary>Windows that a search finds, by scene.</summary>
    public SortedDictionary<string, int> Found()
    {
        using SwanSceneIndex index = SwanSceneIndex.Open(Index);
        return Found(index);
    }

    /// <summary>Windows that a search of an open index finds, by scene.</summary>
    public SortedDictionary<string, int> Found(SwanSceneIndex index)
    {
        var all = new SwanPlaceOptions { Top = 100_000, MaxOverlap = 1 };
        return new(index.Search(Model, "green river bridge", all, TestContext.Current.CancellationToken).Places
            .CountBy(p => System.IO.Path.GetRelativePath(Scenes, p.Scene)).ToDictionary(c => c.Key, c => c.Value), StringComparer.Ordinal);
    }

    /// <summary>All rows of the index with their embeddings; a key that is there twice throws.</summary>
    public SortedDictionary<string, float[]> Rows()
    {
        using SwanLiveIndex rows = SwanLiveIndex.Open(System.IO.Path.Combine(Index, "rows"));
        rows.Verify();
        using SwanIndexSnapshot snapshot = rows.Snapshot();
        return new(snapshot.Rows().ToDictionary(r => r.Key, r => r.Embedding.ToArray()), StringComparer.Ordinal);
    }

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }
}
