using Swan.Geo.Places;
using Swan.Geo.Search;

namespace Swan.Geo.Tests.Search;

/// <summary>What is written where the disk is full, or nobody may write.</summary>
public sealed class SwanPlaceFilesTests : IDisposable
{
    private readonly IndexedFolder _folder = new();
    private readonly SwanSceneIndex _index;
    private readonly IReadOnlyList<Place> _places;

    public SwanPlaceFilesTests()
    {
        for (int i = 0; i < 6; i++) _folder.Draw($"{i}.tif", i);
        _folder.Update();
        _index = SwanSceneIndex.Open(_folder.Index);
        _places = _index.Search(_folder.Model, "green river bridge", new SwanPlaceOptions { Top = 54, MaxOverlap = 1 },
            TestContext.Current.CancellationToken).Places;
    }

    public static TheoryData<string> Kinds => ["places.geojson", "places.gpkg", "places.html", "maps", "clips", "windows.parquet"];

    public void Dispose()
    {
        _index.Dispose();
        _folder.Dispose();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_full_disk_leaves_what_was_there_and_nothing_else(string kind)
    {
        const int Page = 4096;
        using var disk = new SmallDisk(8_192);
        Write(disk.File(kind), _places.Count);
        int pages = disk.Files().Sum(f => (f.Value.Length + Page - 1) / Page);
        Assert.True(pages > 1, "one page has room for all of it");
        Remove(disk);
        Write(disk.File(kind), 2);
        SortedDictionary<string, byte[]> before = disk.Files();
        // Full at the beginning, in the middle and at the end.
        foreach (int free in (int[])[0, 1, pages / 2, pages - 1])
        {
            if (kind is "maps" or "clips") Remove(disk);
            disk.LeaveFree(free * Page);
            var e = Assert.ThrowsAny<IOException>(() => Write(disk.File(kind), _places.Count));
            Assert.Contains(kind, e.Message, StringComparison.Ordinal);
            Assert.Matches("(?i)no space|disk is full", e.Message);
            SortedDictionary<string, byte[]> after = disk.Files();
            Assert.DoesNotContain(after.Keys, name => name.EndsWith(".tmp", StringComparison.Ordinal));
            if (kind is "maps" or "clips") continue; // files that were whole before the disk was full are kept
            Assert.Equal(before.Keys, after.Keys);
            Assert.Equal(before[kind], after[kind]);
        }
        disk.MakeRoom();
        Write(disk.File(kind), _places.Count);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Where_nobody_may_write_an_error_says_so(string kind)
    {
        using var disk = new SmallDisk(8_192);
        Write(disk.File(kind), 2);
        SortedDictionary<string, byte[]> before = disk.Files();
        disk.Close();
        var e = Assert.ThrowsAny<Exception>(() => Write(disk.File(kind), _places.Count));
        Assert.True(e is IOException or UnauthorizedAccessException, e.ToString());
        Assert.Contains(kind, e.Message, StringComparison.Ordinal);
        Assert.Matches("(?i)read-only|denied", e.Message);
        Assert.Equal(before.Keys, disk.Files().Keys);
    }

    [Theory]
    [InlineData(0), InlineData(4096), InlineData(16_384)]
    public void A_full_disk_costs_an_index_no_scene_and_the_next_run_goes_on(long free)
    {
        using var disk = new SmallDisk(2_048);
        _folder.Index = disk.File("index");
        for (int i = 1; i < 6; i++) File.Move(_folder.Path($"{i}.tif"), _folder.File($"{i}.tif"));
        _folder.Update();
        for (int i = 1; i < 6; i++) File.Move(_folder.File($"{i}.tif"), _folder.Path($"{i}.tif"));
        disk.LeaveFree(free);
        try
        {
            _folder.Update();
            Assert.True(free > 0);
        }
        catch (IOException e)
        {
            Assert.Matches("(?i)no space", e.Message);
        }
        Assert.All(_folder.Found(), scene => Assert.Equal(9, scene.Value));
        Assert.Contains("0.tif", _folder.Found().Keys);
        disk.MakeRoom();
        Assert.Empty(_folder.Update().Faults);
        Assert.Equal(6, _folder.Found().Count);
        Assert.Equal(54, _folder.Rows().Count);
        Assert.DoesNotContain(disk.Files().Keys, name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static void Remove(SmallDisk disk)
    {
        foreach (string path in disk.Files().Keys) File.Delete(disk.File(path));
    }

    private void Write(string path, int count)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Place[] places = [.. _places.Take(count)];
        switch (Path.GetFileName(path))
        {
            case "places.geojson": SwanPlaceFiles.WriteGeoJson(path, places, token); break;
            case "places.gpkg": SwanPlaceFiles.WriteGeoPackage(path, places, token); break;
            case "places.html": SwanPlaceFiles.WritePage(_index, path, "places", places, token); break;
            case "windows.parquet": SwanSceneParquet.SaveAsync(_index, path, cancellationToken: token).GetAwaiter().GetResult(); break;
            case "maps": SwanPlaceFiles.WriteHeatMaps(_index, _folder.Model, "river", path, cancellationToken: token); break;
            default: SwanPlaceFiles.WriteClips(path, places, token); break;
        }
    }
}
