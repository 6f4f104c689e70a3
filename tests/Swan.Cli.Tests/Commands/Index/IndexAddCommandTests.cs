using System.Text.Json.Nodes;
using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.Cli.Tests.Commands;

public sealed class IndexAddCommandTests : IDisposable
{
    private readonly TinyGallery _gallery = new();

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task Only_new_and_changed_files_are_embedded()
    {
        JsonNode built = await _gallery.Build();
        JsonNode again = await _gallery.Add();
        Assert.Equal((3, 0, 0), ((int)again["unchanged"]!, (int)again["replaced"]!, (int)again["added"]!));
        Assert.Equal((int)built["generation"]!, (int)again["generation"]!);

        TinyImages.Write(_gallery.Images, "d.png", seed: 4);
        File.Delete(Path.Combine(_gallery.Images, "a.png"));
        TinyImages.Write(_gallery.Images, "a.png", seed: 5, width: 30);
        JsonNode changed = await _gallery.Add();
        Assert.Equal((2, 1, 1), ((int)changed["unchanged"]!, (int)changed["replaced"]!, (int)changed["added"]!));
        Assert.Equal(4, (int)changed["rows"]!);
    }

    [Theory]
    [InlineData("--images")]
    [InlineData("--embeddings")]
    public async Task Rows_for_an_index_that_is_not_there_name_the_command_that_builds_it(string option)
    {
        string errors = await TinyGallery.Fails(1, "index", "add", _gallery.Index, option, _gallery.Images);
        Assert.Contains($"Build it first with 'swan index build {option} {_gallery.Images} --out {_gallery.Index}'", errors,
            StringComparison.Ordinal);
        Assert.DoesNotContain("SwanLiveIndex", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_of_embedded_rows_gets_the_type_that_is_given_and_keeps_it()
    {
        await File.WriteAllTextAsync(_gallery.File("values.csv"), "image,lat,taken\na.png,47.5,2025-01-31\nb.png,-3,\n");
        await _gallery.Build("--columns", _gallery.File("values.csv"), "--type", "lat=text", "--type", "taken=text");
        string file = _gallery.File("rows.parquet");
        await TinyGallery.Json("index", "export", _gallery.Index, "--out", file);
        Directory.Delete(_gallery.Index, recursive: true);

        string errors = await TinyGallery.Fails(1, "index", "build", "--from", file, "--out", _gallery.Index, "--type", "lat=boolean");
        Assert.Contains("'47.5' in the column 'lat' is not true or false", errors, StringComparison.Ordinal);
        await TinyGallery.Json("index", "build", "--from", file, "--out", _gallery.Index, "--type", "lat=number");
        await TinyGallery.Json("index", "add", _gallery.Index, "--from", file);
        Assert.Equal(["a.png"], await _gallery.Found("river", "--where", "lat > 47 and taken = '2025-01-31'"));
        errors = await TinyGallery.Fails(2, "index", "add", _gallery.Index, "--from", file, "--type", "lat=text");
        Assert.Contains("in the index it is number", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_a_file_filter_rows_and_stay_when_images_change()
    {
        await File.WriteAllTextAsync(_gallery.File("values.csv"),
            "image,region,taken,clouds\na.png,\"north, upper\",2025-01-31,0.5\nnorth/c.png,south,2024-06-01,\nnowhere.png,south,,\n");
        JsonNode built = await _gallery.Build("--columns", _gallery.File("values.csv"));
        Assert.Equal(1, (int)built["valuesOfNoRow"]!);
        Assert.Equal(["a.png"], await _gallery.Found("river", "--where", "region = 'north, upper' and taken >= 2025-01-01"));
        Assert.Equal(["b.png", "north/c.png"], (await _gallery.Found("river", "--where", "clouds is null")).Order());

        TinyImages.Write(_gallery.Images, "a.png", seed: 6, width: 31);
        Assert.Equal(1, (int)(await _gallery.Add())["replaced"]!);
        Assert.Equal(["a.png"], await _gallery.Found("river", "--where", "clouds = 0.5"));

        await File.WriteAllTextAsync(_gallery.File("later.jsonl"), """{"key": "b.png", "region": "west", "place": [12.5, 48]}""");
        JsonNode added = await TinyGallery.Json("index", "add", _gallery.Index, "--columns", _gallery.File("later.jsonl"));
        Assert.Equal((1, 0), ((int)added["revalued"]!, (int)added["replaced"]!));
        Assert.Equal(["b.png"], await _gallery.Found("river", "--where", "place within box(12, 47, 13, 49)"));
    }

    [Fact]
    public async Task A_line_that_does_not_name_a_value_leaves_it()
    {
        await File.WriteAllTextAsync(_gallery.File("values.csv"), "image,region,clouds\na.png,north,0.5\nb.png,south,0.1\n");
        await _gallery.Build("--columns", _gallery.File("values.csv"));
        await File.WriteAllTextAsync(_gallery.File("later.jsonl"),
            "{\"key\": \"a.png\", \"clouds\": 0.7}\n{\"key\": \"b.png\", \"region\": null}\n");
        await TinyGallery.Json("index", "add", _gallery.Index, "--columns", _gallery.File("later.jsonl"));
        using SwanLiveIndex index = SwanLiveIndex.Open(_gallery.Index);
        Assert.True(index.TryGet("a.png", out SwanRow? first));
        Assert.True(index.TryGet("b.png", out SwanRow? second));
        Assert.Equal(("north", 0.7), (first.Values["region"], first.Values["clouds"]));
        Assert.Equal((null, 0.1), (second.Values["region"], second.Values["clouds"]));
    }

    [Fact]
    public async Task A_column_without_values_is_left_out_with_a_warning()
    {
        await _gallery.Build();
        await File.WriteAllTextAsync(_gallery.File("values.csv"), "image,region,later\na.png,north,\n");
        (int code, _, string errors) = await SwanProcess.Run(
            "index", "add", _gallery.Index, "--columns", _gallery.File("values.csv"));
        Assert.Equal(0, code);
        Assert.Contains("column 'later' of", errors, StringComparison.Ordinal);
        using SwanLiveIndex index = SwanLiveIndex.Open(_gallery.Index);
        Assert.Equal(["region"], index.Columns.Select(c => c.Name).Intersect(["region", "later"]));
    }

    [Fact]
    public async Task Images_of_another_folder_with_the_same_keys_are_warned_of()
    {
        await _gallery.Build();
        string other = _gallery.File("other");
        Directory.CreateDirectory(Path.Combine(other, "north"));
        foreach (string name in (string[])["a.png", "b.png", "north/c.png"])
        {
            File.Copy(Path.Combine(_gallery.Images, name), Path.Combine(other, name));
            File.SetLastWriteTimeUtc(Path.Combine(other, name), File.GetLastWriteTimeUtc(Path.Combine(_gallery.Images, name)));
        }
        TinyImages.Write(other, "b.png", seed: 9, width: 33);
        string[] add = ["index", "add", _gallery.Index, "--images", other, "--model", _gallery.Model];
        (int code, _, string errors) = await SwanProcess.Run(add);
        Assert.Equal(0, code);
        Assert.Contains("3 images have the keys of rows", errors, StringComparison.Ordinal);
        Assert.Contains($"'{_gallery.Images}', another folder: 2 of the same size and date are taken for those", errors,
            StringComparison.Ordinal);
        Assert.Contains("--prefix", errors, StringComparison.Ordinal);
        Assert.Equal(2, (int)(await TinyGallery.Json(add))["keysOfOtherFolders"]!);

        // A part of the folder has the same images.
        JsonNode part = await TinyGallery.Json("index", "add", _gallery.Index, "--images", Path.Combine(_gallery.Images, "north"),
            "--prefix", "north/", "--model", _gallery.Model);
        Assert.Equal((0, 1), ((int)part["keysOfOtherFolders"]!, (int)part["unchanged"]!));

        // One that is gone was moved, and so are its images.
        Directory.Move(_gallery.Images, _gallery.File("moved"));
        Directory.Delete(other, recursive: true);
        JsonNode moved = await TinyGallery.Json(
            "index", "add", _gallery.Index, "--images", _gallery.File("moved"), "--model", _gallery.Model);
        Assert.Equal((0, 2), ((int)moved["keysOfOtherFolders"]!, (int)moved["unchanged"]!));
    }

    [Theory]
    [InlineData("--duplicates requires --from", "--images", "x", "--duplicates", "last")]
    [InlineData("--prefix requires --images", "--from", "x.npy", "--prefix", "y")]
    [InlineData("--range requires --images", "--from", "x.npy", "--range", "values 0 3000")]
    [InlineData("--model requires --images or --from", "--columns", "x.csv", "--model", "y.swan")]
    public async Task Options_that_nothing_would_read_are_refused(string expected, params string[] options)
    {
        string errors = await TinyGallery.Fails(2, ["index", "add", _gallery.Index, .. options]);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_of_rows_whose_images_are_not_listed_are_set()
    {
        await _gallery.Build();
        File.Delete(Path.Combine(_gallery.Images, "a.png"));
        await File.WriteAllTextAsync(_gallery.File("values.csv"), "image,region\na.png,north\nb.png,south\n");
        JsonNode added = await _gallery.Add("--columns", _gallery.File("values.csv"));
        Assert.Equal((2, 1, 0), ((int)added["revalued"]!, (int)added["unchanged"]!, (int)added["valuesOfNoRow"]!));
        Assert.Equal(["a.png"], await _gallery.Found("river", "--where", "region = 'north'"));
    }

    [Fact]
    public async Task A_refused_model_leaves_values_as_they_were()
    {
        JsonNode built = await _gallery.Build();
        TinyImages.Write(_gallery.Images, "d.png", seed: 4);
        await File.WriteAllTextAsync(_gallery.File("values.csv"), "image,region\na.png,north\n");
        await TinyGallery.Fails(
            1, "index", "add", _gallery.Index, "--images", _gallery.Images, "--columns", _gallery.File("values.csv"));
        using SwanLiveIndex index = SwanLiveIndex.Open(_gallery.Index);
        Assert.Equal((int)built["generation"]!, index.Generation);
        Assert.DoesNotContain("region", index.Columns.Select(c => c.Name));
    }

    [Fact]
    public async Task A_broken_file_does_not_end_a_nightly_run()
    {
        await File.WriteAllTextAsync(Path.Combine(_gallery.Images, "broken.png"), "no image");
        await _gallery.Build();
        JsonNode again = await _gallery.Add();
        Assert.Equal((3, 1), ((int)again["unchanged"]!, (int)again["unreadable"]!));
    }

    [Fact]
    public async Task A_second_writer_is_told_who_writes_and_to_try_again()
    {
        await _gallery.Build();
        using SwanLiveIndex index = SwanLiveIndex.Open(_gallery.Index);
        using SwanIndexWriter writer = index.OpenWriter();
        string errors = await TinyGallery.Fails(75, "index", "remove", _gallery.Index, "a.png");
        Assert.Contains($"process {Environment.ProcessId}", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_of_another_model_or_range_are_refused()
    {
        // No file has changed, so nothing would be embedded.
        await _gallery.Build();
        string errors = await TinyGallery.Fails(1, "index", "add", _gallery.Index, "--images", _gallery.Images);
        Assert.Contains("holds embeddings of 'tiny'", errors, StringComparison.Ordinal);
        errors = await TinyGallery.Fails(
            1, "index", "add", _gallery.Index, "--images", _gallery.Images, "--model", _gallery.Model, "--range", "values 0 3000");
        Assert.Contains("values 0 3000", errors, StringComparison.Ordinal);

        // It doesn't say its model, but the embeddings' length does.
        SwanLiveIndex.Create(_gallery.File("longer"), new SwanIndexSettings(7)).Dispose();
        errors = await TinyGallery.Fails(
            1, "index", "add", _gallery.File("longer"), "--images", _gallery.Images, "--model", _gallery.Model);
        Assert.Contains("holds embeddings of 7 values", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_can_not_be_taken_are_no_bug()
    {
        await _gallery.Build();
        string rows = _gallery.File("rows.parquet"), vectors = _gallery.File("rows.npy"), keys = _gallery.File("rows.keys.txt");
        await TinyGallery.Json("index", "export", _gallery.Index, "--out", rows);
        await TinyGallery.Json("index", "export", _gallery.Index, "--out", vectors);
        SwanLiveIndex.Create(_gallery.File("other"), new SwanIndexSettings(TinyModel.EmbeddingSize)
        {
            Columns = [new SwanColumn("file_size", SwanColumnType.Date)],
        }).Dispose();
        string errors = await TinyGallery.Fails(1, "index", "add", _gallery.File("other"), "--from", rows);
        Assert.Contains("column 'file_size' of type Date", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--duplicates", errors, StringComparison.Ordinal);

        await File.WriteAllTextAsync(keys, "a\nb\na\n");
        errors = await TinyGallery.Fails(1, "index", "add", _gallery.File("other"), "--from", vectors);
        Assert.Contains("rows 0 and 2, from 0, have the same key, 'a'", errors, StringComparison.Ordinal);
        Assert.Contains("--duplicates last", errors, StringComparison.Ordinal);
        await File.WriteAllTextAsync(keys, "a\nb\n");
        errors = await TinyGallery.Fails(1, "index", "add", _gallery.File("other"), "--from", vectors);
        Assert.Contains("has 3 rows, but there are 2 keys", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("--duplicates", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_an_unknown_model_are_warned_of()
    {
        await _gallery.Build();
        await TinyGallery.Json("index", "export", _gallery.Index, "--out", _gallery.File("rows.npy"));
        string[] add = ["index", "add", _gallery.Index, "--from", _gallery.File("rows.npy")];
        (int code, _, string errors) = await SwanProcess.Run(add);
        Assert.Equal(0, code);
        Assert.Contains("doesn't say which model made its rows", errors, StringComparison.Ordinal);
        (code, _, errors) = await SwanProcess.Run([.. add, "--model", _gallery.Model]);
        Assert.Equal((0, ""), (code, errors));
    }

    [Fact]
    public async Task Rows_that_another_model_made_are_refused()
    {
        await _gallery.Build();
        await TinyGallery.Json("index", "export", _gallery.Index, "--out", _gallery.File("rows.npy"));
        using (SwanLiveIndex other = SwanLiveIndex.Create(_gallery.File("other"),
            new SwanIndexSettings(SizeOf(_gallery.Index)) { Model = new ModelIdentity("another", "abc") }))
        {
            Assert.Equal(0, other.Count);
        }
        string errors = await TinyGallery.Fails(1, "index", "add", _gallery.File("other"), "--from", _gallery.File("rows.npy"),
            "--model", _gallery.Model);
        Assert.Contains("'another'", errors, StringComparison.Ordinal);
    }

    private static int SizeOf(string folder)
    {
        using SwanLiveIndex index = SwanLiveIndex.Open(folder);
        return index.EmbeddingSize;
    }

    [Fact]
    public async Task Ctrl_C_keeps_what_is_whole_and_the_same_command_goes_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals");
        for (int i = 0; i < 150; i++) TinyImages.Write(_gallery.Images, $"more_{i:D3}.png", seed: 10 + i, width: 200, height: 200);
        using var build = SwanProcess.Start(
            "index", "build", "--images", _gallery.Images, "--model", _gallery.Model, "--device", "cpu", "--out", _gallery.Index);
        await build.Until(() => File.Exists(Path.Combine(_gallery.Index, "writer.lock")), "an index");
        build.Interrupt();
        int code = await build.Ended();
        Assert.True(code is 0 or 130, build.Errors);
        // Stopped before its first row, the build leaves nothing.
        JsonNode whole = Directory.Exists(_gallery.Index) ? await _gallery.Add() : await _gallery.Build();
        Assert.Equal(153, (int)whole["rows"]!);
        await TinyGallery.Json("index", "verify", _gallery.Index);
    }
}
