using NetTopologySuite.Geometries;
using Swan.Geo.Places;
using Swan.Geo.Rasters;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.Geo.Tests.Search;

public sealed class SwanSceneIndexTests : IDisposable
{
    // A bright square in a dark scene of one meter a pixel.
    private const int Side = 1_000, SquareLeft = 600, SquareTop = 300, SquareSide = 200;

    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;
    private readonly string _clip;

    public SwanSceneIndexTests()
    {
        Directory.CreateDirectory(_folder.File("scenes"));
        var format = new RasterFormat(Side, Side, 3, TiffSampleType.Byte) { Geo = DrawnScene.Utm32(1) };
        DrawnScene.Write(_folder.File(Path.Combine("scenes", "20240131_square.tif")), format, Pixel);
        DrawnScene.Write(_folder.File(Path.Combine("scenes", "without.tif")), format with { Geo = null }, (x, y, band) =>
            20 + (x + y + band) % 5);
        _clip = DrawnScene.Write(_folder.File("clip.tif"), new RasterFormat(SquareSide, SquareSide, 3, TiffSampleType.Byte),
            (x, y, band) => Pixel(x + SquareLeft, y + SquareTop, band));
        _model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        SwanSceneIndexer.Look(_folder.File("index"), _folder.File("scenes"), new SwanSceneOptions { GroundSides = [200],
            PixelSides = [200] },
            TestContext.Current.CancellationToken).Run(_model, cancellationToken: TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_place_is_found_where_it_lies()
    {
        using SwanSceneIndex index = Open();
        Place best = Like(index).Places[0];
        Assert.Equal((SquareLeft, SquareTop, SquareSide, SquareSide), (best.Column, best.Row, best.Width, best.Height));
        Assert.EndsWith("20240131_square.tif", best.Scene, StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2024, 1, 31, 0, 0, 0, TimeSpan.Zero), best.Date);
        Assert.Equal(32632, best.EpsgCode);
        Assert.Equal(1, best.MetersPerPixel!.Value, tolerance: 0.001);
        Assert.Equal(new Envelope(500_600, 500_800, 5_299_500, 5_299_700), best.MapFootprint!.EnvelopeInternal);
        // gdaltransform -s_srs EPSG:32632 -t_srs EPSG:4326 of 500700 5299600
        Point middle = best.Footprint!.Centroid;
        Assert.Equal(9.00935680578, middle.X, tolerance: 1e-7);
        Assert.Equal(47.84974259591, middle.Y, tolerance: 1e-7);
    }

    [Fact]
    public void Overlapping_windows_are_merged()
    {
        using SwanSceneIndex index = Open();
        Place[] places = [.. Like(index, new SwanPlaceOptions { Top = 1_000 }).Places.Where(p => p.Footprint is not null)];
        Assert.True(places.Length > 3);
        for (int i = 0; i < places.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Geometry a = places[i].MapFootprint!, b = places[j].MapFootprint!;
                Assert.InRange(a.Intersection(b).Area / Math.Min(a.Area, b.Area), 0, 0.3 + 1e-6);
            }
        }
        Assert.Equal(places.Select(p => p.Score).OrderDescending(), places.Select(p => p.Score));
    }

    [Fact]
    public void Only_the_area_that_is_asked_for_is_searched()
    {
        using SwanSceneIndex index = Open();
        Geometry square = Like(index).Places[0].Footprint!;
        Assert.All(Like(index, new SwanPlaceOptions { Inside = square.Buffer(-1e-5) }).Places, p =>
            Assert.True(square.Covers(p.Footprint!.Centroid)));
        Geometry elsewhere = new Polygon(new LinearRing([new(0, 0), new(1, 0), new(1, 1), new(0, 1), new(0, 0)]));
        Assert.Empty(Like(index, new SwanPlaceOptions { Inside = elsewhere }).Places);
        var early = new SwanPlaceOptions { Filter = SwanFilter.Column("date") < new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc) };
        Assert.Empty(Like(index, early).Places);
    }

    [Fact]
    public void Scenes_without_a_place_on_the_earth_are_found_in_pixels()
    {
        using SwanSceneIndex index = Open();
        Place place = Like(index, new SwanPlaceOptions { Filter = SwanFilter.Column("scene") == "without.tif" }).Places[0];
        Assert.Null(place.Footprint);
        Assert.Null(place.MapFootprint);
        Assert.Equal(200, place.Width);
    }

    [Fact]
    public void Heat_maps_are_brightest_where_the_text_fits_best()
    {
        using SwanSceneIndex index = Open();
        const string Caption = "green river bridge";
        IReadOnlyList<string> maps = SwanPlaceFiles.WriteHeatMaps(
            index, _model, Caption, _folder.File("maps"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["20240131_square.tif", "without.tif"], maps.Select(Path.GetFileName));
        Place best = index.Search(_model, Caption, new SwanPlaceOptions { Filter = SwanFilter.Column("scene") == "20240131_square.tif" },
            TestContext.Current.CancellationToken).Places[0];
        using TiffFile map = TiffFile.Open(File.OpenRead(maps[0]), maps[0]);
        float[] cells = new float[map.Image.Fields.Width * map.Image.Fields.Height];
        map.Image.Read(new PixelWindow(0, 0, map.Image.Fields.Width, map.Image.Fields.Height), [0],
            (x, y, _, row) => row.CopyTo(cells.AsSpan(y * map.Image.Fields.Width + x)), TestContext.Current.CancellationToken);
        int brightest = Array.IndexOf(cells, cells.Max()), cell = Side / map.Image.Fields.Width;
        Assert.InRange(brightest % map.Image.Fields.Width * cell, best.Column, best.Column + best.Width - 1);
        Assert.InRange(brightest / map.Image.Fields.Width * cell, best.Row, best.Row + best.Height - 1);
    }

    [Fact]
    public void A_page_and_clips_are_made_of_the_scenes_own_pixels()
    {
        using SwanSceneIndex index = Open();
        IReadOnlyList<Place> places = Like(index, new SwanPlaceOptions { Top = 2 }).Places;
        SwanPlaceFiles.WritePage(index, _folder.File("page.html"), "squares", places, TestContext.Current.CancellationToken);
        Assert.Contains("data:image/jpeg;base64,", File.ReadAllText(_folder.File("page.html")), StringComparison.Ordinal);
        IReadOnlyList<string> clips = SwanPlaceFiles.WriteClips(_folder.File("clips"), places, TestContext.Current.CancellationToken);
        Assert.Equal(Pixels(_clip), Pixels(clips[0]));
    }

    [Fact]
    public void Nothing_is_written_among_the_scenes()
    {
        using SwanSceneIndex index = Open();
        string among = _folder.File(Path.Combine("scenes", "maps"));
        Assert.Throws<SwanOptionsException>(() => SwanPlaceFiles.WriteHeatMaps(
            index, _model, "river", among, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<SwanOptionsException>(() => SwanPlaceFiles.WriteClips(
            _folder.File("scenes"), Like(index).Places, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Areas_that_overlap_are_searched_as_one()
    {
        using SwanSceneIndex index = Open();
        Geometry square = Like(index).Places[0].Footprint!;
        var twice = new MultiPolygon([(Polygon)square, (Polygon)square.Buffer(1e-4)]);
        Assert.Equal(SquareLeft, Like(index, new SwanPlaceOptions { Inside = twice }).Places[0].Column);
    }

    [Fact]
    public void A_scene_that_is_gone_has_no_picture_on_a_page()
    {
        using SwanSceneIndex index = Open();
        IReadOnlyList<Place> places = Like(index, new SwanPlaceOptions { Top = 1 }).Places;
        File.Delete(places[0].Scene);
        SwanPlaceFiles.WritePage(index, _folder.File("page.html"), "squares", places, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("data:image", File.ReadAllText(_folder.File("page.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_least_probability_of_a_model_without_a_calibration_is_refused()
    {
        using SwanSceneIndex index = Open();
        Assert.Throws<SwanOptionsException>(() => index.Search(
            _model, "bridge", new SwanPlaceOptions { MinProbability = 0.5 }, TestContext.Current.CancellationToken));
    }

    // Fitted on whole images, it says of right places in scenes that they are unlikely.
    [Fact]
    public void A_calibration_hides_no_places_unless_it_is_asked()
    {
        const string Caption = "green river bridge";
        using SwanSceneIndex index = Open();
        using SwanModel unlikely = Calibrated(bias: -9);
        SwanPlaces expected = index.Search(_model, Caption, cancellationToken: TestContext.Current.CancellationToken);
        SwanPlaces found = index.Search(unlikely, Caption, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected.Places.Select(p => (p.Key, p.Score, p.Probability)), found.Places.Select(p =>
            (p.Key, p.Score, p.Probability)));
        Assert.Equal((false, (double?)null, true), (found.Places.Count == 0, found.ProbabilityOfAny, found.Text!.IsKnown));
        Assert.All(found.Places, p => Assert.Null(p.Probability));
    }

    [Fact]
    public void Probabilities_are_those_of_a_least_one()
    {
        const string Caption = "green river bridge";
        using SwanSceneIndex index = Open();
        using SwanModel unlikely = Calibrated(bias: -9);
        SwanPlaces all = index.Search(unlikely, Caption, new SwanPlaceOptions { MinProbability = 0 },
            TestContext.Current.CancellationToken);
        Assert.NotEmpty(all.Places);
        Assert.All(all.Places, p => Assert.InRange(p.Probability!.Value, 0, all.ProbabilityOfAny!.Value));
        SwanPlaces none = index.Search(unlikely, Caption, new SwanPlaceOptions { MinProbability = 0.9 },
            TestContext.Current.CancellationToken);
        Assert.Equal((true, all.ProbabilityOfAny), (none.Places.Count == 0, none.ProbabilityOfAny));
    }

    [Fact]
    public void What_is_no_index_of_scenes_says_what_it_is()
    {
        string file = _folder.File("clip.tif"), made = Directory.CreateDirectory(_folder.File("made/rows")).Parent!.FullName;
        (string Path, string Expected)[] cases =
        [
            (_folder.File("nothere"), "There is no index of scenes in"), (_folder.File("scenes"), "it has no 'scenes.json'"),
            ("s3://bucket/places", "only local files are read"), (file, "is a file"), (made, "Run the same 'swan scene index' again"),
            (_folder.File("index/rows"), "index of images"),
        ];
        Assert.All(cases, at =>
        {
            var e = Assert.Throws<FileNotFoundException>(() => SwanSceneIndex.Open(at.Path));
            Assert.Contains(at.Expected, e.Message, StringComparison.Ordinal);
            Assert.Contains(at.Path, e.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void An_embedding_at_hand_gives_the_answer_of_its_text()
    {
        using SwanSceneIndex index = Open();
        const string Caption = "green river bridge";
        SwanPlaces expected = index.Search(_model, Caption, cancellationToken: TestContext.Current.CancellationToken);
        SwanPlaces found = index.Search(
            _model, Caption, _model.EmbedCaption(Caption), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected.Places.Select(p => (p.Key, p.Score)), found.Places.Select(p => (p.Key, p.Score)));
        Assert.Throws<ArgumentException>(() => index.Search(_model, Caption, new float[2]));
    }

    [Fact]
    public void Windows_like_one_are_found_without_it()
    {
        using SwanSceneIndex index = Open();
        string key = Like(index).Places[0].Key!;
        Place[] alike = [.. index.SearchLike(key, new SwanPlaceOptions { Top = 1_000 }, TestContext.Current.CancellationToken).Places];
        Assert.NotEmpty(alike);
        Assert.DoesNotContain(alike, p => p.Key == key);
        Assert.Equal(alike.Select(p => p.Score).OrderDescending(), alike.Select(p => p.Score));
        Assert.Throws<KeyNotFoundException>(() => index.SearchLike("nothing#0,0,1,1"));
        Assert.Throws<SwanOptionsException>(() => index.SearchLike(key, new SwanPlaceOptions { MinProbability = 0.5 }));
    }

    [Fact]
    public void A_window_is_found_by_its_key()
    {
        using SwanSceneIndex index = Open();
        Place best = Like(index).Places[0];
        var (scene, column, row, width, height) = index.FindWindow(best.Key!)!.Value;
        Assert.Equal((best.Scene, best.Column, best.Row, best.Width, best.Height), (scene.Path, column, row, width, height));
        Assert.Equal("20240131_square.tif", scene.Name);
        foreach (string other in (string[])["", "x", "20240131_square.tif", best.Key + "0", "../" + best.Key])
            Assert.Null(index.FindWindow(other));
    }

    [Fact]
    public void Scenes_are_listed_with_where_they_lie()
    {
        using SwanSceneIndex index = Open();
        IReadOnlyList<SwanIndexedScene> scenes = index.ListScenes();
        Assert.Equal(["20240131_square.tif", "without.tif"], scenes.Select(s => s.Name));
        Assert.Equal((Side, Side, 32632, (string?)null),
            (scenes[0].Width, scenes[0].Height, scenes[0].Place!.CoordinateSystem.EpsgCode, scenes[0].Unplaced));
        Assert.Null(scenes[1].Place);
        Assert.NotNull(scenes[1].Unplaced);
        Assert.Equal(index.WindowCount, scenes.Sum(s => s.Windows));
    }

    private static byte[] Pixels(string path) => ImageDecoder.Decode(path).Pixels;

    private static int Pixel(int x, int y, int band)
    {
        bool inside = x >= SquareLeft && x < SquareLeft + SquareSide && y >= SquareTop && y < SquareTop + SquareSide;
        return inside ? 230 - 40 * band - (x - SquareLeft) / 4 : 20 + (x * 3 + y * 5 + band) % 9;
    }

    private SwanModel Calibrated(double bias)
    {
        var file = SwanModelFile.Read(_folder.File("tiny.swan"));
        string path = _folder.File("calibrated.swan");
        file.WithCalibration(TinyCalibration.Create(file, bias: bias).ToJson()).Save(path);
        return SwanModel.Open(path);
    }

    private SwanSceneIndex Open() => SwanSceneIndex.Open(_folder.File("index"));

    private SwanPlaces Like(SwanSceneIndex index, SwanPlaceOptions? options = null) =>
        index.SearchImage(_model, _clip, options, TestContext.Current.CancellationToken);
}
