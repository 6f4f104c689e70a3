using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Geo.Tests.Search;

public sealed class SwanSceneIndexerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;

    public SwanSceneIndexerTests()
    {
        Directory.CreateDirectory(Scenes);
        _model = SwanModel.Open(TinyModel.Write(_folder.FullName));
    }

    private string Scenes => _folder.File("scenes");

    private string Index => _folder.File("index");

    private static SwanSceneOptions Options => new() { GroundSides = [200], PixelSides = [200] };

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_second_run_reads_new_and_changed_scenes_only()
    {
        Scene("a.tif", 1);
        Scene(Path.Combine("more", "b.tif"), 2);
        SwanSceneChanges first = Run();
        Assert.Equal((2, 0, 0, 0), (first.Added, first.Replaced, first.Unchanged, first.Removed));
        // 400 pixels of 1 m, windows of 200 with half of them shared: 3 by 3 each.
        Assert.Equal((18, 18, 2), (first.Windows, first.Rows, first.Scenes));

        SwanSceneChanges second = Run();
        Assert.Equal((0, 0, 2, 0, 0), (second.Added, second.Replaced, second.Unchanged, second.Removed, second.Windows));

        Scene("a.tif", 3);
        Scene("c.tif", 4);
        Directory.Delete(Path.Combine(Scenes, "more"), recursive: true);
        SwanSceneChanges third = Run();
        Assert.Equal((1, 1, 0, 1, 18), (third.Added, third.Replaced, third.Unchanged, third.Removed, third.Rows));
        using var index = SwanSceneIndex.Open(Index);
        Assert.Equal((2, 18), (index.SceneCount, index.WindowCount));
        Assert.Equal(18, index.Rows.Count);
    }

    [Fact]
    public void A_file_that_was_written_again_with_the_same_bytes_is_not_read_again()
    {
        string path = Scene("a.tif", 1);
        Run();
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-3));
        SwanSceneIndexer work = Look();
        Assert.Equal((0, 0, 1, 0L), (work.Added, work.Changed, work.Unchanged, work.Windows));
        work.Run(_model, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, Look().Unchanged);
    }

    [Fact]
    public void A_damaged_scene_is_reported_and_the_others_go_on()
    {
        Scene("a.tif", 1);
        string cut = Scene("b.tif", 2);
        using (FileStream file = File.OpenWrite(cut)) file.SetLength(file.Length * 2 / 3);
        File.WriteAllText(Path.Combine(Scenes, "c.tif"), "no TIFF");
        Scene("d.tif", 3);

        SwanSceneChanges changes = Run();
        Assert.Equal((2, 2, 18), (changes.Added, changes.Scenes, changes.Rows));
        Assert.Equal(["b.tif", "c.tif"], changes.Faults.Select(f => Path.GetFileName(f.Scene)).Order());
        Assert.All(changes.Faults, f => Assert.Contains(f.Scene, f.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_scene_that_was_damaged_after_it_was_indexed_stays_as_it_was()
    {
        string path = Scene("a.tif", 1);
        Run();
        using (FileStream file = File.OpenWrite(path)) file.SetLength(file.Length / 2);
        SwanSceneChanges changes = Run();
        Assert.Single(changes.Faults);
        Assert.Equal((1, 9), (changes.Scenes, changes.Rows));
    }

    [Fact]
    public void A_scene_that_changes_while_it_is_read_is_not_taken()
    {
        string path = Scene("a.tif", 1);
        bool touched = false;
        SwanSceneChanges changes = Look().Run(_model, new Immediate<SwanSceneProgress>(_ =>
        {
            if (!touched) File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(1));
            touched = true;
        }), TestContext.Current.CancellationToken);
        Assert.Contains("written to while it was read", Assert.Single(changes.Faults).Reason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (changes.Scenes, changes.Rows));
        Assert.Equal(1, Run().Added);
    }

    [Fact]
    public void What_was_embedded_before_a_cancellation_is_kept_by_scene()
    {
        Scene("a.tif", 1);
        Scene("b.tif", 2);
        using var canceled = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Look().Run(_model, new Immediate<SwanSceneProgress>(p =>
        {
            if (p.Scene == "b.tif") canceled.Cancel();
        }), canceled.Token));
        SwanSceneIndexer work = Look();
        Assert.Equal((1, 1), (work.Added, work.Unchanged));
        Assert.Equal((1, 18), (Run().Added, Run().Rows));
    }

    [Fact]
    public void Other_windows_or_another_model_are_refused()
    {
        Scene("a.tif", 1);
        Run();
        var e = Assert.Throws<SwanOptionsException>(() => SwanSceneIndexer.Look(
            Index, Scenes, new SwanSceneOptions { GroundSides = [100] }, TestContext.Current.CancellationToken));
        Assert.Contains("sides 200 m", e.Message, StringComparison.Ordinal);
        Assert.Contains("sides 100 m", e.Message, StringComparison.Ordinal);
        using SwanModel other = SwanModel.Open(TinyModel.WriteWithConstant(_folder.FullName));
        Assert.Throws<SwanMismatchException>(() => Look().Run(other, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_empty_folder_empties_no_index()
    {
        string path = Scene("a.tif", 1);
        Run();
        File.Delete(path);
        Assert.Throws<SwanSceneException>(() => Look());
        using var index = SwanSceneIndex.Open(Index);
        Assert.Equal(1, index.SceneCount);
    }

    [Fact]
    public void What_was_embedded_of_a_scene_before_a_cancellation_is_not_embedded_again()
    {
        DrawnScene.Write(Path.Combine(Scenes, "large.tif"), 2_000, 1_500);
        using var canceled = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Look().Run(_model, new Immediate<SwanSceneProgress>(p =>
        {
            if (p.Windows > p.AllWindows / 2) canceled.Cancel();
        }), canceled.Token));
        using (var index = SwanSceneIndex.Open(Index)) Assert.Equal(0, index.SceneCount);
        SwanSceneChanges changes = Run();
        Assert.Equal(266, changes.Rows); // 19 by 14
        Assert.InRange(changes.Windows, 1, 265);
    }

    [Fact]
    public void An_index_is_of_one_folder_which_may_be_moved()
    {
        Scene("a.tif", 1);
        Run();
        string other = Directory.CreateDirectory(_folder.File("other")).FullName;
        DrawnScene.Write(Path.Combine(other, "b.tif"), 400, 400);
        var e = Assert.Throws<SwanOptionsException>(() => SwanSceneIndexer.Look(
            Index, other, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(Scenes, e.Message, StringComparison.Ordinal);

        Directory.Move(Scenes, _folder.File("moved"));
        SwanSceneIndexer work = SwanSceneIndexer.Look(
            Index, _folder.File("moved"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((1, 0L), (work.Unchanged, work.Windows));
        work.Run(_model, cancellationToken: TestContext.Current.CancellationToken);
        using var index = SwanSceneIndex.Open(Index);
        Assert.True(File.Exists(index.Search(_model, "river", cancellationToken: TestContext.Current.CancellationToken).Places[0].Scene));
    }

    [Fact]
    public void A_link_counts_as_what_it_leads_to()
    {
        string target = DrawnScene.Write(_folder.File("target.tif"), 400, 400);
        File.CreateSymbolicLink(Path.Combine(Scenes, "link.tif"), target);
        Run();
        DrawnScene.Write(target, 500, 400);
        Assert.Equal(1, Look().Changed);
    }

    [Fact]
    public void A_world_file_that_comes_later_changes_its_scene()
    {
        DrawnScene.Write(Path.Combine(Scenes, "a.tif"), 400, 400);
        Assert.Single(Run().Unplaced);
        File.WriteAllText(Path.Combine(Scenes, "a.tfw"), "1\n0\n0\n-1\n500000.5\n5299999.5\n");
        Assert.Equal(1, Look().Changed);
    }

    [Fact]
    public void An_index_whose_making_was_interrupted_is_made_anew()
    {
        Scene("a.tif", 1);
        Directory.CreateDirectory(Path.Combine(Index, "rows"));
        Assert.Equal(9, Run().Rows);
    }

    [Fact]
    public void No_index_is_made_among_other_files()
    {
        Scene("a.tif", 1);
        string before = string.Join(' ', Directory.GetFileSystemEntries(Scenes));
        foreach (string scenes in (string[])[Index, Scenes])
        {
            var e = Assert.Throws<SwanOptionsException>(() => SwanSceneIndexer.Look(
                Scenes, scenes, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Contains($"'{Scenes}' is to become the index of the scenes in '{scenes}'", e.Message, StringComparison.Ordinal);
            Assert.Contains("such as 'a.tif'", e.Message, StringComparison.Ordinal);
        }
        Assert.Equal(before, string.Join(' ', Directory.GetFileSystemEntries(Scenes)));
        Directory.CreateDirectory(Index);
        Assert.Equal(9, Run().Rows); // an empty folder becomes one
    }

    [Fact]
    public void Other_rasters_are_counted_with_what_converts_them()
    {
        File.WriteAllText(Path.Combine(Scenes, "readme.txt"), "");
        string none = Assert.Throws<SwanSceneException>(Look).Message;
        Assert.Contains(".tif, .tiff, .gtiff, .btf or .tf8.", none, StringComparison.Ordinal);
        Assert.DoesNotContain("gdal", none, StringComparison.Ordinal);
        foreach (string name in (string[])["a/B02.jp2", "a/B03.JP2", "b.vrt"])
        {
            string path = Path.Combine(Scenes, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
        string others = Assert.Throws<SwanSceneException>(Look).Message;
        Assert.Contains("It has other rasters (2 .jp2, 1 .vrt).", others, StringComparison.Ordinal);
        Assert.Contains("gdal_translate", others, StringComparison.Ordinal);
        Assert.Contains("gdalbuildvrt -separate", others, StringComparison.Ordinal);
        var store = Assert.Throws<DirectoryNotFoundException>(() => SwanSceneIndexer.Look(
            Index, "s3://bucket/scenes", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'s3://bucket/scenes'", store.Message, StringComparison.Ordinal);
        Assert.Contains("local folders only", store.Message, StringComparison.Ordinal);
        Scene("a.tif", 1);
        var url = Assert.Throws<SwanOptionsException>(() => SwanSceneIndexer.Look(
            "s3://bucket/places", Scenes, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'s3://bucket/places' can't become an index", url.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".tif")]
    [InlineData(".TIFF")]
    [InlineData(".gtiff")]
    [InlineData(".btf")]
    [InlineData(".tf8")]
    public void Each_ending_that_is_named_is_read(string ending)
    {
        File.Move(Scene("a.tif", 1), Path.Combine(Scenes, "a" + ending));
        Assert.Equal((1, 0), (Run().Scenes, Look().Faults.Count));
    }

    [Fact]
    public void Options_are_the_indexs_where_none_are_given()
    {
        Scene("a.tif", 1);
        Run();
        Scene("b.tif", 2);
        SwanSceneIndexer work = SwanSceneIndexer.Look(Index, Scenes, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(9, work.Windows);
    }

    private string Scene(string name, int seed)
    {
        string path = Path.Combine(Scenes, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return DrawnScene.Write(
            path, new RasterFormat(400, 400, 3, TiffSampleType.Byte) { Geo = DrawnScene.Utm32(1) },
            (x, y, band) => DrawnScene.Value(x * seed, y, band));
    }

    private SwanSceneIndexer Look() => SwanSceneIndexer.Look(Index, Scenes, Options, TestContext.Current.CancellationToken);

    private SwanSceneChanges Run() => Look().Run(_model, cancellationToken: TestContext.Current.CancellationToken);
}
