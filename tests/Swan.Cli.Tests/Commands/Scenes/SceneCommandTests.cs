using System.CommandLine;
using System.Text.Json.Nodes;
using Swan.Cli.Commands;
using Swan.Cli.Outcomes;
using Swan.Geo.Scenes;
using Swan.Geo.Search;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.Cli.Tests.Commands;

public sealed class SceneCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public SceneCommandTests()
    {
        _model = TinyModel.Write(_folder.FullName);
        Directory.CreateDirectory(Scenes);
        DrawnScene.Write(Path.Combine(Scenes, "a_20240131.tif"), 400, 400, DrawnScene.Utm32(1));
    }

    private string Scenes => _folder.File("scenes");

    private string Index => _folder.File("places");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Words_become_places_on_a_map()
    {
        await Indexed();
        string geoJson = _folder.File("out.geojson"), package = _folder.File("out.gpkg"), page = _folder.File("out.html");
        JsonNode found = await TinyGallery.Json(
            "scene", "search", Index, "green river bridge", "--model", Unlikely(), "--top", "3", "--geojson", geoJson, "--geopackage",
            package, "--page", page, "--heatmap", _folder.File("maps"), "--clips", _folder.File("clips"));
        JsonNode first = found["places"]!.AsArray()[0]!;
        Assert.Equal((false, false, false), ((bool)found["nothingFound"]!, found.AsObject().ContainsKey("probabilityOfAny"),
            first.AsObject().ContainsKey("probability")));
        Assert.InRange((double)first["longitude"]!, 9.0, 9.006);
        Assert.InRange((double)first["latitude"]!, 47.84, 47.86);
        Assert.StartsWith("2024-01-31", (string)first["date"]!, StringComparison.Ordinal);

        JsonNode features = JsonNode.Parse(File.ReadAllText(geoJson))!["features"]!;
        Assert.Equal(found["places"]!.AsArray().Count, features.AsArray().Count);
        Assert.True(File.Exists(package) && File.Exists(page));
        Assert.True(File.Exists(Path.Combine(_folder.File("maps"), "a_20240131.tif")));
        Assert.Equal(features.AsArray().Count, Directory.GetFiles(_folder.File("clips"), "*.tif").Length);
        Assert.All(features.AsArray(), feature => Assert.Null(feature!["properties"]!["probability"]));
    }

    [Fact]
    public async Task A_limit_says_how_many_places_it_hides()
    {
        await Indexed();
        string geoJson = _folder.File("out.geojson");
        (int code, string output, _) = await SwanProcess.Run("scene", "search", Index, "green river bridge", "--model", Unlikely(),
            "--top", "3", "--min-probability", "0.75", "--geojson", geoJson);
        Assert.Equal(0, code);
        Assert.Matches(@"^Nothing found for ""green river bridge"" in 1 scene .* below the minimum of 75 %, which hides [1-3] places?\. "
            + "Probabilities are calibrated on whole images", output);
        Assert.Empty(JsonNode.Parse(File.ReadAllText(geoJson))!["features"]!.AsArray());
    }

    // A calibration of whole images, to which all windows are unlikely.
    private string Unlikely()
    {
        SwanModelFile model = SwanModelFile.Read(_model);
        string path = _folder.File("unlikely.swan");
        model.WithCalibration(TinyCalibration.Create(model, bias: -9).ToJson()).Save(path);
        return path;
    }

    [Fact]
    public async Task A_second_run_takes_what_is_new()
    {
        JsonNode first = await Indexed();
        Assert.Equal((1, 9), ((int)first["added"]!, (int)first["windows"]!));
        DrawnScene.Write(Path.Combine(Scenes, "b.tif"), 300, 300);
        (int code, string output, _) = await SwanProcess.Run(Command("--dry-run"));
        Assert.Equal(0, code);
        Assert.Matches(@"^1 new scene, 0 changed, 1 unchanged, 0 gone; 1 window, about \d+ s", output);
        JsonNode second = await Indexed();
        Assert.Equal((1, 1, 10), ((int)second["added"]!, (int)second["unchanged"]!, (int)second["windows"]!));
        Assert.Contains("does not say where it lies", (string)second["withoutPlace"]![0]!["reason"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_area_and_a_filter_say_where_to_look()
    {
        await Indexed();
        string area = _folder.File("area.geojson");
        File.WriteAllText(area, """{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}""");
        (int code, string output, _) = await SwanProcess.Run(
            "scene", "search", Index, "river", "--model", _model, "--inside", area);
        Assert.Equal((0, true), (code, output.StartsWith("No place in 1 scene", StringComparison.Ordinal)));
        JsonNode later = await TinyGallery.Json("scene", "search", Index, "river", "--model", _model, "--where", "date >= 2024-02-01");
        Assert.Empty(later["places"]!.AsArray());
    }

    [Fact]
    public async Task A_clip_finds_its_place()
    {
        await Indexed();
        JsonNode first = await TinyGallery.Json(
            "scene", "search", Index, "river", "--model", _model, "--top", "1", "--clips", _folder.File("clips"));
        JsonNode like = await TinyGallery.Json(
            "scene", "search", Index, "--like", Path.Combine(_folder.File("clips"), "01.tif"), "--model", _model, "--top", "1");
        Assert.Equal((string)first["places"]![0]!["column"]!.ToJsonString(), like["places"]![0]!["column"]!.ToJsonString());
        Assert.Equal(1, (double)like["places"]![0]!["score"]!, tolerance: 1e-4);
    }

    [Theory]
    [InlineData(2, "Give a query")]
    [InlineData(2, "are for words", "--like", "clip.tif", "--heatmap", "maps")]
    [InlineData(1, "can't be read as an area", "river", "--inside", "no-area.geojson")]
    public async Task A_wrong_question_is_answered_with_what_is_wrong(int code, string expected, params string[] search)
    {
        await Indexed();
        File.WriteAllText(_folder.File("no-area.geojson"), "{}");
        string[] asked = [.. search.Select(s => s.EndsWith(".geojson", StringComparison.Ordinal) ? _folder.File(s) : s)];
        string errors = await TinyGallery.Fails(code, ["scene", "search", Index, "--model", _model, .. asked]);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Windows_are_written_for_other_programs_and_an_index_takes_them()
    {
        await Indexed();
        string file = _folder.File("windows.parquet");
        JsonNode written = await TinyGallery.Json("scene", "export", Index, "--out", file);
        Assert.Equal((1, 9, new FileInfo(file).Length), ((int)written["scenes"]!, (int)written["windows"]!, (long)written["bytes"]!));
        (int code, string output, string errors) = await SwanProcess.Run("scene", "export", Index, "--out", file);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith($"{file}: 9 windows of 1 scene, 0.0 MB.", output, StringComparison.Ordinal);
        string gallery = _folder.File("gallery");
        await TinyGallery.Json("index", "build", "--from", file, "--out", gallery);
        JsonNode found = await TinyGallery.Json("index", "search", gallery, "river", "--model", _model, "--where", "ground_side < 500");
        Assert.StartsWith("a_20240131.tif@", (string)found["hits"]![0]!["image"]!, StringComparison.Ordinal);

        errors = await TinyGallery.Fails(2, "scene", "export", Index, "--out", _folder.File("windows.geojson"));
        Assert.Contains("expected a file that ends in .parquet", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_sides_windows_are_as_by_default()
    {
        JsonNode made = await TinyGallery.Json("scene", "index", Scenes, "--out", Index, "--model", _model);
        Assert.Equal(5, (int)made["windows"]!); // 2 by 2 of 320 m, and the scene
    }

    [Fact]
    public async Task A_folder_without_scenes_and_sides_that_are_no_numbers_are_refused()
    {
        string empty = Directory.CreateDirectory(_folder.File("empty")).FullName;
        Assert.Contains("there is no GeoTIFF", await TinyGallery.Fails(1, "scene", "index", empty, "--out", Index),
            StringComparison.Ordinal);
        string errors = await TinyGallery.Fails(2, "scene", "index", Scenes, "--out", Index, "--ground", "320;640");
        Assert.Contains("--ground is '320;640'; expected numbers from 1", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_has_the_share_of_a_window_that_applies()
    {
        Option shared = SceneIndexCommand.Create().Options.Single(o => o.Name == "--min-valid");
        Assert.Equal(new SwanSceneOptions().MinValidShare, shared.GetDefaultValue());
        Assert.Contains("window", shared.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_without_a_whole_scene_answers_no_search()
    {
        using SwanModel model = SwanModel.Open(_model);
        DrawnScene.Write(Path.Combine(Scenes, "a_20240131.tif"), 2_000, 1_500, DrawnScene.Utm32(1));
        using var canceled = new CancellationTokenSource();
        SwanSceneIndexer work = SwanSceneIndexer.Look(Index, Scenes, new SwanSceneOptions { GroundSides = [200] }, canceled.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => work.Run(model, new Immediate<SwanSceneProgress>(p =>
        {
            if (p.Windows > p.AllWindows / 2) canceled.Cancel();
        }), canceled.Token));
        var e = Assert.Throws<CommandException>(() => SceneIndexOpening.Open(Index));
        Assert.Matches(@"has no complete scene yet: it has \d+ windows .* Run the same 'swan scene index' again", e.Message);
        Assert.Equal(ExitCode.Failed, e.ExitCode);

        File.Delete(Path.Combine(Scenes, "a_20240131.tif"));
        SwanSceneIndexer.Look(Index, Scenes, null, new SwanSceneIndexerOptions { RemoveGoneFolders = true }, CancellationToken.None)
            .Run(model, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("has no scenes", Assert.Throws<CommandException>(() => SceneIndexOpening.Open(Index)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Scenes_without_a_place_are_one_line()
    {
        SwanSceneFault[] scenes = [.. Enumerable.Range(0, 1_200).Select(i => new SwanSceneFault($"/scenes/{i}.tif", $"Reason {i}."))];
        Assert.Equal("without a place on Earth: Reason 0.", SceneIndexCommand.WithoutPlace(scenes[..1]));
        Assert.Equal("2 scenes without a place on Earth: 0.tif, 1.tif. The first of 2 reasons: Reason 0.",
            SceneIndexCommand.WithoutPlace(scenes[..2]));
        Assert.Equal("1,200 scenes without a place on Earth: 0.tif, 1.tif, 2.tif and 1,197 more. The first of 1200 reasons: Reason 0.",
            SceneIndexCommand.WithoutPlace(scenes));
        Assert.EndsWith(" more. '/scenes/0.tif' says nothing of its place.", SceneIndexCommand.WithoutPlace(
            [.. scenes.Select(scene => scene with { Reason = $"'{scene.Scene}' says nothing of its place." })]), StringComparison.Ordinal);
    }

    private string[] Command(params string[] more) =>
        ["scene", "index", Scenes, "--out", Index, "--model", _model, "--ground", "200", "--pixels", "300", .. more];

    private Task<JsonNode> Indexed() => TinyGallery.Json(Command());
}
