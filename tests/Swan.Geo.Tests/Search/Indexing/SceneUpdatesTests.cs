using Swan.Geo.Coordinates;
using Swan.Geo.Places;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Scenes;

namespace Swan.Geo.Tests.Search;

/// <summary>What becomes of scenes that are broken, that change or vanish, and of folders that are empty at once.</summary>
public sealed class SceneUpdatesTests : IDisposable
{
    private readonly IndexedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_broken_scene_is_named_in_each_run_and_read_again_when_it_has_changed()
    {
        _folder.Draw("good.tif");
        DamagedScene.Break(_folder.Draw("bad.tif", height: 6_000));
        Assert.Equal(["bad.tif", "good.tif"], Read(new(), out SwanSceneChanges first));
        Assert.True(first.Windows > 9, "the broken scene breaks before a window of it is embedded");
        SwanSceneFault fault = Assert.Single(first.Faults);
        Assert.Equal(_folder.Path("bad.tif"), fault.Scene);
        Assert.Contains("tile or strip 47 is not", fault.Reason, StringComparison.Ordinal);
        Assert.Equal(9, _folder.Rows().Count);

        // As it was, written again with the same bytes, and in an index that was moved: nothing is read.
        Assert.Empty(Read(new(), out SwanSceneChanges second));
        string again = Assert.Single(second.Faults).Reason;
        Assert.Contains("tile or strip 47 is not", again, StringComparison.Ordinal);
        Assert.Contains("--retry-bad", again, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(_folder.Path("bad.tif"), new DateTime(2024, 1, 31, 0, 0, 0, DateTimeKind.Utc));
        Assert.Empty(Read(new(), out _));
        Assert.Single(_folder.Look().Faults);
        Assert.Equal(0, _folder.Look().Windows);

        Assert.Equal(["bad.tif"], Read(new() { RetryBad = true }, out SwanSceneChanges retried));
        Assert.Single(retried.Faults);

        _folder.Draw("bad.tif");
        Assert.Equal(["bad.tif"], Read(new(), out SwanSceneChanges mended));
        Assert.Empty(mended.Faults);
        Assert.Empty(_folder.Update().Faults);
        Assert.Equal(18, _folder.Rows().Count);
    }

    [Fact]
    public void A_scene_that_becomes_broken_stays_as_it_was()
    {
        _folder.Draw("scene.tif");
        _folder.Update();
        SortedDictionary<string, float[]> before = _folder.Rows();
        DamagedScene.Break(_folder.Draw("scene.tif", version: 1, height: 6_000));
        for (int run = 0; run < 2; run++)
        {
            SwanSceneChanges changes = _folder.Update();
            Assert.Equal((1, 0, 1), (changes.Faults.Count, changes.Replaced, changes.Scenes));
            Assert.Equal(before.Keys, _folder.Rows().Keys);
        }
        File.Delete(_folder.Path("scene.tif"));
        _folder.Draw("other.tif");
        Assert.Equal((1, 0), (_folder.Update().Removed, _folder.Update().Faults.Count));
    }

    [Fact]
    public void A_scene_that_is_cut_off_is_named_before_a_window_is_embedded()
    {
        _folder.Draw("good.tif");
        DamagedScene.Cut(_folder.Draw("cut.tif"));
        SwanSceneIndexer look = _folder.Look();
        Assert.Equal((1, 9), (look.Added, look.Windows));
        Assert.Contains("but the file has ", Assert.Single(look.Faults).Reason, StringComparison.Ordinal);
        Assert.Contains("cut.tif", look.Faults[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scene_that_changes_while_it_is_read_is_left_for_the_next_run()
    {
        _folder.Draw("a.tif");
        _folder.Draw("b.tif");
        _folder.Draw("c.tif");
        // Programs other than those of .NET don't ask whether somebody reads it.
        byte[] other = File.ReadAllBytes(_folder.Draw("../other.tif", version: 1));
        SwanSceneChanges changes = Interrupted("b.tif", () => File.WriteAllBytes(_folder.Path("b.tif"), other));
        Assert.Contains("written to while it was read", Assert.Single(changes.Faults).Reason, StringComparison.Ordinal);
        Assert.Equal(["a.tif", "c.tif"], _folder.Found().Keys);
        Assert.Equal(18, _folder.Rows().Count);
        Assert.Empty(_folder.Update().Faults);
        Assert.Equal(["a.tif", "b.tif", "c.tif"], _folder.Found().Keys);
    }

    [Fact]
    public void A_scene_that_is_cut_while_it_is_read_is_not_taken_for_a_broken_one()
    {
        byte[] whole = File.ReadAllBytes(_folder.Draw("a.tif", height: 6_000));
        SwanSceneChanges changes = Interrupted("a.tif", () => File.WriteAllBytes(_folder.Path("a.tif"), whole[..20_000]));
        Assert.Contains("written to while it was read", Assert.Single(changes.Faults).Reason, StringComparison.Ordinal);
        File.WriteAllBytes(_folder.Path("a.tif"), whole);
        Assert.Empty(_folder.Update().Faults);
        Assert.Equal(["a.tif"], _folder.Found().Keys);
    }

    [Fact]
    public void A_scene_that_vanishes_while_it_is_read_is_gone()
    {
        _folder.Draw("a.tif");
        _folder.Draw("b.tif");
        _folder.Update();
        _folder.Draw("b.tif", version: 1);
        _folder.Draw("c.tif");
        SwanSceneChanges changes = Interrupted("b.tif", () => File.Delete(_folder.Path("b.tif")));
        Assert.Contains("removed while it was read", Assert.Single(changes.Faults).Reason, StringComparison.Ordinal);
        // What it was before stays until a run that sees that it is gone.
        Assert.Equal(["a.tif", "b.tif", "c.tif"], _folder.Found().Keys);
        Assert.Equal(1, _folder.Update().Removed);
        Assert.Equal(["a.tif", "c.tif"], _folder.Found().Keys);
    }

    [Fact]
    public void A_scene_that_vanishes_before_it_is_read_does_not_stop_the_others()
    {
        _folder.Draw("a.tif");
        _folder.Draw("b.tif");
        SwanSceneIndexer look = _folder.Look();
        File.Delete(_folder.Path("a.tif"));
        SwanSceneChanges changes = look.Run(_folder.Model, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (changes.Added, changes.Faults.Count));
        Assert.Equal(["b.tif"], _folder.Found().Keys);
    }

    [Fact]
    public void Scenes_of_a_folder_that_was_deleted_are_gone()
    {
        _folder.Draw("a.tif");
        _folder.Draw("2023/b.tif");
        _folder.Draw("2023/jan/c.tif");
        _folder.Update();
        Directory.Delete(_folder.Path("2023"), recursive: true);
        SwanSceneChanges changes = _folder.Update();
        Assert.Equal((2, 1, 0), (changes.Removed, changes.Scenes, changes.Faults.Count));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void Scenes_of_a_folder_that_is_empty_at_once_stay(bool isLink)
    {
        _folder.Draw("a.tif");
        _folder.Draw("2023/jan/b.tif");
        _folder.Draw("2023/c.tif");
        _folder.Draw("2024/d.tif");
        _folder.Draw("2024/e.tif");
        _folder.Update();
        // As a disk that isn't mounted leaves its folder; a single scene of another folder was deleted.
        Directory.Delete(_folder.Path("2023"), recursive: true);
        if (isLink) Directory.CreateSymbolicLink(_folder.Path("2023"), _folder.File("not-mounted"));
        else Directory.CreateDirectory(_folder.Path("2023"));
        File.Delete(_folder.Path("2024/e.tif"));

        SwanSceneChanges changes = _folder.Update();
        Assert.Equal((1, 4), (changes.Removed, changes.Scenes));
        SwanSceneFault fault = Assert.Single(changes.Faults);
        Assert.Equal(_folder.Path("2023"), fault.Scene);
        Assert.Contains("All 2 scenes", fault.Reason, StringComparison.Ordinal);
        Assert.Contains("--gone", fault.Reason, StringComparison.Ordinal);
        Assert.Equal(["2023/c.tif", "2023/jan/b.tif", "2024/d.tif", "a.tif"], _folder.Found().Keys);

        SwanSceneChanges meant = _folder.Update(new() { RemoveGoneFolders = true });
        Assert.Equal((2, 2, 0), (meant.Removed, meant.Scenes, meant.Faults.Count));
        Assert.Equal(["2024/d.tif", "a.tif"], _folder.Found().Keys);
        Assert.Empty(_folder.Update().Faults);
    }

    [Fact]
    public void A_root_that_is_empty_or_missing_costs_nothing()
    {
        _folder.Draw("a.tif");
        _folder.Update();
        File.Move(_folder.Path("a.tif"), _folder.File("kept.tif"));
        var empty = Assert.Throws<SwanSceneException>(() => _folder.Look());
        Assert.Contains("--gone", empty.Message, StringComparison.Ordinal);
        Directory.Delete(_folder.Scenes);
        Assert.Throws<DirectoryNotFoundException>(() => _folder.Look(new() { RemoveGoneFolders = true }));
        Directory.CreateDirectory(_folder.Scenes);
        Assert.Equal(["a.tif"], _folder.Found().Keys);

        SwanSceneChanges meant = _folder.Update(new() { RemoveGoneFolders = true });
        Assert.Equal((1, 0, 0), (meant.Removed, meant.Scenes, meant.Rows));
        File.Move(_folder.File("kept.tif"), _folder.Path("a.tif"));
        Assert.Equal(1, _folder.Update().Added);
    }

    [Fact]
    public void Files_beside_a_scene_count_as_far_as_they_place_it()
    {
        string beside = _folder.Draw("scene.tif") + ".aux.xml";
        _folder.Update();
        // As programs that show a scene write it.
        File.WriteAllText(beside, "<PAMDataset><PAMRasterBand band=\"1\"><Metadata><MDI key=\"STATISTICS_MAXIMUM\">250</MDI></Metadata>"
            + "</PAMRasterBand></PAMDataset>");
        SwanSceneChanges shown = _folder.Update();
        Assert.Equal((1, 0, 0), (shown.Unchanged, shown.Replaced, shown.Windows));
        File.WriteAllText(beside, "<PAMDataset><GeoTransform>600000,2,0,5300000,0,-2</GeoTransform><SRS>EPSG:32633</SRS></PAMDataset>");
        Assert.Equal(1, _folder.Update().Replaced);

        using SwanSceneIndex index = SwanSceneIndex.Open(_folder.Index);
        Place place = index.Search(_folder.Model, "green river bridge", null, TestContext.Current.CancellationToken).Places[0];
        Assert.Equal((32633, 600_000), (place.EpsgCode, place.MapFootprint!.EnvelopeInternal.MinX - 2 * place.Column));
        string map = SwanPlaceFiles.WriteHeatMaps(index, _folder.Model, "river", _folder.File("maps"),
            cancellationToken: TestContext.Current.CancellationToken)[0];
        string clip = SwanPlaceFiles.WriteClips(_folder.File("clips"), [place], TestContext.Current.CancellationToken)[0];
        foreach (string path in (string[])[map, clip])
        {
            Georeference? written = SceneLocation.Read(path).Georeference;
            Assert.Equal(32633, written?.CoordinateSystem.EpsgCode);
            Assert.Equal(600_000 + (path == clip ? 2 * place.Column : 0), written!.Transform.OriginX);
        }
        File.WriteAllText(beside, "<PAMDataset><SRS>");
        Assert.Contains("scene.tif.aux.xml", Assert.Single(_folder.Update().Faults).Reason, StringComparison.Ordinal);
    }

    // The scenes of which windows were read.
    private string[] Read(SwanSceneIndexerOptions update, out SwanSceneChanges changes)
    {
        var read = new SortedSet<string>(StringComparer.Ordinal);
        changes = _folder.Update(update, progress => read.Add(progress.Scene));
        return [.. read];
    }

    // Does something when the first window of a scene comes.
    private SwanSceneChanges Interrupted(string scene, Action act)
    {
        bool done = false;
        return _folder.Update(progress: progress =>
        {
            if (done || progress.Scene != scene) return;
            done = true;
            act();
        });
    }
}
