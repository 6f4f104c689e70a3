using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class IndexDamageTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_is_cut_or_emptied_is_refused_by_name()
    {
        foreach (string file in Written())
        {
            byte[] whole = File.ReadAllBytes(file);
            foreach (int length in (int[])[0, 1, whole.Length / 2, whole.Length - 1])
            {
                File.WriteAllBytes(file, whole[..length]);
                Refused(file);
            }
            File.WriteAllBytes(file, [.. whole, 0]);
            Refused(file);
            File.WriteAllBytes(file, whole);
        }
        Verified();
    }

    [Fact]
    public void A_bit_that_is_another_one_is_found_wherever_it_is()
    {
        var random = new Random(1);
        foreach (string file in Written())
        {
            byte[] whole = File.ReadAllBytes(file);
            int[] places = whole.Length < 2000 ? [.. Enumerable.Range(0, whole.Length)]
                : [.. Enumerable.Range(0, 300).Select(_ => random.Next(whole.Length)), whole.Length - 1, 0, 4095, 4096];
            foreach (int at in places)
            {
                whole[at] ^= 0x10;
                File.WriteAllBytes(file, whole);
                Refused(file);
                whole[at] ^= 0x10;
            }
            File.WriteAllBytes(file, whole);
        }
        Verified();
    }

    [Fact]
    public void A_search_over_damaged_rows_throws_and_never_answers()
    {
        foreach (string file in Written().Where(file => file.EndsWith(".segment", StringComparison.Ordinal)))
        {
            byte[] whole = File.ReadAllBytes(file);
            // The second page is the first of the rows.
            whole[4096 + 5] ^= 0x40;
            File.WriteAllBytes(file, whole);
            using SwanLiveIndex index = _folder.Open();
            for (int attempt = 0; attempt < 3; attempt++)
            {
                string message = Assert.Throws<SwanFormatException>(() => index.Search([1, 0, 0], 1)).Message;
                Assert.Contains(Path.GetFileName(file), message, StringComparison.Ordinal);
            }
            whole[4096 + 5] ^= 0x40;
            File.WriteAllBytes(file, whole);
        }
        Verified();
    }

    [Fact]
    public void A_file_of_an_older_state_is_told_from_the_one_that_is_named()
    {
        using SwanLiveIndex index = _folder.Create();
        using (SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false }))
        {
            writer.UpsertMany(["a", "b"], [1, 0, 0, 0, 1, 0]);
            writer.Commit();
        }
        string segment = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Index, "segments")));
        byte[] older = File.ReadAllBytes(segment), manifest = File.ReadAllBytes(Path.Combine(_folder.Index, "manifest.json"));
        Directory.Delete(_folder.Index, recursive: true);
        using SwanLiveIndex other = _folder.Create();
        using (SwanIndexWriter writer = other.OpenWriter())
        {
            writer.UpsertMany(["a", "c"], [1, 0, 0, 0, 1, 0]);
            writer.Commit();
        }
        // A file of the same name, size and rows.
        byte[] newer = File.ReadAllBytes(segment);
        Assert.Equal(older.Length, newer.Length);
        File.WriteAllBytes(segment, older);
        Assert.Contains("is not the segment that the manifest names",
            Assert.Throws<SwanFormatException>(() => _folder.Open()).Message, StringComparison.Ordinal);
        File.WriteAllBytes(segment, newer);
        // The older manifest names what isn't there.
        File.WriteAllBytes(Path.Combine(_folder.Index, "manifest.json"), manifest);
        Assert.Throws<SwanFormatException>(() => _folder.Open());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        foreach (string file in Written().Where(file => !file.EndsWith("manifest.json", StringComparison.Ordinal)))
        {
            File.Move(file, file + ".away");
            string message = Assert.Throws<SwanFormatException>(() => _folder.Open()).Message;
            Assert.Contains(Path.GetFileName(file), message, StringComparison.Ordinal);
            Assert.Contains("is missing", message, StringComparison.Ordinal);
            File.Move(file + ".away", file);
        }
        Verified();
    }

    [Theory]
    [InlineData("Upsert")]
    [InlineData("UpsertMany")]
    [InlineData("SetValues")]
    [InlineData("Remove")]
    [InlineData("RemoveMany")]
    [InlineData("Import")]
    [InlineData("ImportNpy")]
    [InlineData("Contains")]
    [InlineData("Find")]
    [InlineData("Compact")]
    public void A_writer_that_meets_damage_throws_what_it_documents(string method)
    {
        Written();
        foreach (string file in Directory.GetFiles(Path.Combine(_folder.Index, "segments"), "*.segment"))
        {
            // In the bytes of its keys: the first is in the first file, the last in the second.
            byte[] bytes = File.ReadAllBytes(file);
            int at = bytes.AsSpan().IndexOf("0123456789"u8);
            if (at < 0) at = bytes.AsSpan().IndexOf("151152153154"u8);
            bytes[at] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        using SwanLiveIndex index = _folder.Open();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        var gallery = SwanIndex.Build([1, 0, 0], 3, ["8"], null, TestContext.Current.CancellationToken);
        string npy = _folder.Path("rows.npy");
        using (FileStream file = File.Create(npy)) NpyWriter.Write(file, 1, 3, [new float[] { 1, 0, 0 }], default);
        Action act = method switch
        {
            "Upsert" => () => writer.Upsert("8", [1, 0, 0]),
            "UpsertMany" => () => writer.UpsertMany(["8"], [1, 0, 0]),
            "SetValues" => () => writer.SetValues("8", new Dictionary<string, object?> { ["n"] = 1 }),
            "Remove" => () => writer.Remove("8"),
            "RemoveMany" => () => writer.RemoveMany(["8"]),
            "Import" => () => writer.Import(gallery),
            "ImportNpy" => () => writer.ImportNpy(npy, ["8"]),
            "Contains" => () => writer.Contains("8"),
            "Find" => () => writer.Find("8"),
            _ => () => writer.Compact(),
        };
        Assert.Contains(".segment", Assert.Throws<SwanFormatException>(act).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(SwanFormatException), DocumentationFile.Exceptions(typeof(SwanIndexWriter), method));
    }

    [Fact]
    public void A_damaged_state_is_not_taken_by_a_reader_that_has_a_good_one()
    {
        Written();
        using SwanLiveIndex index = _folder.Open();
        string manifest = Path.Combine(_folder.Index, "manifest.json");
        byte[] good = File.ReadAllBytes(manifest);
        File.WriteAllText(manifest, "{}");
        Assert.Throws<SwanFormatException>(() => index.Search([1, 0, 0], 1));
        File.WriteAllBytes(manifest, good);
        Assert.Single(index.Search([1, 0, 0], 1));
    }

    // An index of two segments with deleted rows, values and bytes; its files.
    private string[] Written()
    {
        using SwanLiveIndex index = _folder.Create(
            3, SwanIndexScan.Int8, new SwanColumn("n", SwanColumnType.Number), new SwanColumn("t", SwanColumnType.Text));
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        for (int i = 0; i < 200; i++)
        {
            writer.Upsert($"{i}", LiveFolder.Row(i), new Dictionary<string, object?> { ["n"] = i, ["t"] = $"text {i % 9}" });
            if (i == 150) writer.Commit();
        }
        writer.Remove("7");
        writer.Remove("160");
        writer.Commit();
        writer.Remove("161");
        writer.Commit();
        string[] files = [.. Directory.GetFiles(Path.Combine(_folder.Index, "segments")), Path.Combine(_folder.Index, "manifest.json")];
        Assert.Equal(5, files.Length);
        return files;
    }

    private void Refused(string file)
    {
        SwanFormatException? refusal = null;
        try
        {
            using SwanLiveIndex index = _folder.Open();
            index.Verify();
        }
        catch (SwanFormatException e)
        {
            refusal = e;
        }
        Assert.True(refusal is not null, file);
        Assert.Contains(Path.GetFileName(file), refusal.Message, StringComparison.Ordinal);
    }

    private void Verified()
    {
        using SwanLiveIndex index = _folder.Open();
        index.Verify();
        Assert.NotEmpty(index.Search([1, 0, 0], 1));
    }
}
