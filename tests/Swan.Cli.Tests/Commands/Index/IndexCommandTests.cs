using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Swan.MLNet.Search;

namespace Swan.Cli.Tests.Commands;

/// <summary>The smaller commands of <c>swan index</c>.</summary>
public sealed class IndexCommandTests : IDisposable
{
    private readonly TinyGallery _gallery = new();

    public void Dispose() => _gallery.Dispose();

    [Fact]
    public async Task The_group_shows_its_commands_where_none_is_given()
    {
        (int code, string output, string errors) = await SwanProcess.Run("index");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("swan index COMMAND [options]", errors, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^  duplicates +Finds groups", errors);
        errors = await TinyGallery.Fails(2, "index", "serach");
        Assert.Contains("There is no command 'serach'.", errors, StringComparison.Ordinal);
        Assert.EndsWith("See: swan index --help\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_twice_is_no_fault_and_compacting_frees_the_room()
    {
        await _gallery.Build();
        JsonNode removed = await TinyGallery.Json("index", "remove", _gallery.Index, "a.png", "z.png");
        Assert.Equal((1, 1, 2), ((int)removed["removed"]!, (int)removed["missing"]!, (int)removed["rows"]!));
        (int code, _, string errors) = await SwanProcess.Run("index", "remove", _gallery.Index, "a.png");
        Assert.Equal((0, "swan: No row has the key 'a.png'.\n"), (code, errors));
        Assert.DoesNotContain("a.png", await _gallery.Found("river"));

        Assert.Equal(3, (int)(await TinyGallery.Json("index", "info", _gallery.Index))["storedRows"]!);
        await TinyGallery.Json("index", "compact", _gallery.Index);
        Assert.Equal(2, (int)(await TinyGallery.Json("index", "info", _gallery.Index))["storedRows"]!);
        Assert.True((bool)(await TinyGallery.Json("index", "verify", _gallery.Index))["whole"]!);
    }

    [Fact]
    public async Task Near_duplicates_come_in_groups_with_one_to_keep()
    {
        TinyImages.Write(_gallery.Images, "z.png", seed: 1);
        await _gallery.Build();
        JsonNode found = await TinyGallery.Json("index", "duplicates", _gallery.Index, "--min-score", "0.9999");
        JsonNode group = Assert.Single(found["groups"]!.AsArray())!;
        Assert.Equal(("a.png", "z.png"), ((string)group["keep"]!, (string)Assert.Single(group["others"]!.AsArray())!["image"]!));
        (_, string output, _) = await SwanProcess.Run("index", "duplicates", _gallery.Index, "--min-score", "0.9999");
        Assert.Contains("   keep  a.png\n  1.000  z.png\n", output, StringComparison.Ordinal);
        found = await TinyGallery.Json("index", "duplicates", _gallery.Index, "--min-score", "0.9999", "--where", "folder = 'north'");
        Assert.Empty(found["pairs"]!.AsArray());
    }

    [Fact]
    public async Task A_flipped_bit_is_found_and_its_file_named()
    {
        await _gallery.Build();
        string segment = Directory.EnumerateFiles(Path.Combine(_gallery.Index, "segments"), "*.segment").Single();
        byte[] bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
        string errors = await TinyGallery.Fails(1, "index", "verify", _gallery.Index);
        Assert.Contains(Path.GetFileName(segment), errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_fails_leaves_the_files_of_the_last_one()
    {
        await _gallery.Build();
        string rows = _gallery.File("rows.npy"), keys = _gallery.File("rows.keys.txt");
        await TinyGallery.Json("index", "export", _gallery.Index, "--out", rows);
        byte[] before = await File.ReadAllBytesAsync(rows, TestContext.Current.CancellationToken);
        await TinyGallery.Json("index", "remove", _gallery.Index, "a.png");
        float[] embedding;
        using (SwanLiveIndex index = SwanLiveIndex.Open(_gallery.Index))
        {
            Assert.True(index.TryGet("b.png", out SwanRow? row));
            embedding = row.Embedding.ToArray();
        }
        string segment = Directory.EnumerateFiles(Path.Combine(_gallery.Index, "segments"), "*.segment").Single();
        byte[] bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[bytes.AsSpan().IndexOf(MemoryMarshal.AsBytes<float>(embedding))] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);
        await TinyGallery.Fails(1, "index", "export", _gallery.Index, "--out", rows);
        Assert.Equal(before, await File.ReadAllBytesAsync(rows, TestContext.Current.CancellationToken));
        Assert.Equal(["a.png", "b.png", "north/c.png"],
            (await File.ReadAllLinesAsync(keys, TestContext.Current.CancellationToken)).Order());
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(rows)!, ".rows*"));
    }
}
