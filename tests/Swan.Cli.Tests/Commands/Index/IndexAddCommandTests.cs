using System.Text.Json.Nodes;
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
        await _gallery.Build();
        TinyImages.Write(_gallery.Images, "d.png", seed: 4);
        string errors = await TinyGallery.Fails(1, "index", "add", _gallery.Index, "--images", _gallery.Images);
        Assert.Contains("holds embeddings of 'tiny'", errors, StringComparison.Ordinal);
        errors = await TinyGallery.Fails(
            1, "index", "add", _gallery.Index, "--images", _gallery.Images, "--model", _gallery.Model, "--range", "values 0 3000");
        Assert.Contains("values 0 3000", errors, StringComparison.Ordinal);
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
