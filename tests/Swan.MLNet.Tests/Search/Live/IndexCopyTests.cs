using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class IndexCopyTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_copy_holds_one_state_while_the_index_goes_on()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        for (int i = 0; i < 5; i++)
        {
            writer.Upsert($"{i}", LiveFolder.Row(i));
            writer.Commit();
        }
        writer.Remove("0");
        writer.Upsert("1", LiveFolder.Row(100));
        writer.Commit();
        using (SwanIndexSnapshot snapshot = index.Snapshot())
        {
            // The files of the snapshot have no names any more.
            writer.Remove("2");
            writer.Commit();
            writer.Compact();
            snapshot.CopyTo(_folder.Path("copy"));
            snapshot.Verify();
        }
        using var copy = SwanLiveIndex.Open(_folder.Path("copy"));
        copy.Verify();
        using SwanIndexSnapshot copied = copy.Snapshot();
        Assert.Equal(["1", "2", "3", "4"], copied.Keys().Order());
        Assert.True(copied.TryGet("1", out SwanRow? row));
        Assert.Equal(LiveFolder.Row(100), row.Embedding.ToArray());
        // It is an index of its own.
        using SwanIndexWriter other = copy.OpenWriter();
        other.Upsert("new", LiveFolder.Row(7));
        other.Commit();
        Assert.Equal((5, 3), (copy.Count, index.Count));
    }

    [Fact]
    public void Nothing_is_copied_over_something_else()
    {
        using SwanLiveIndex index = _folder.Create();
        File.WriteAllText(_folder.Path("file"), "");
        Directory.CreateDirectory(_folder.Path("full/within"));
        foreach (string place in (string[])[_folder.Path("file"), _folder.Path("full"), _folder.Index])
            Assert.Contains("not an empty folder", Assert.Throws<IOException>(() => index.CopyTo(place)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.Path("empty"));
        index.CopyTo(_folder.Path("empty"));
        SwanLiveIndex.Open(_folder.Path("empty")).Dispose();
    }

    [Fact]
    public void What_is_damaged_is_not_copied()
    {
        using (SwanLiveIndex index = _folder.Create())
        {
            using SwanIndexWriter writer = index.OpenWriter();
            writer.Upsert("a", [1, 0, 0]);
            writer.Commit();
        }
        string file = Directory.GetFiles(Path.Combine(_folder.Index, "segments")).Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[4096] ^= 1;
        File.WriteAllBytes(file, bytes);
        using SwanLiveIndex damaged = _folder.Open();
        Assert.Throws<SwanFormatException>(() => damaged.CopyTo(_folder.Path("copy")));
        Assert.False(File.Exists(Path.Combine(_folder.Path("copy"), "manifest.json")));
    }

    [Fact]
    public void What_was_damaged_after_a_search_is_not_copied()
    {
        using SwanLiveIndex index = _folder.Create();
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [1, 0, 0]);
            writer.Commit();
        }
        Assert.Single(index.Search([1, 0, 0], 1));
        string file = Directory.GetFiles(Path.Combine(_folder.Index, "segments")).Single();
        byte[] bytes = File.ReadAllBytes(file);
        // Rows, the first page, and the table at the end.
        foreach (int at in (int[])[4096, 100, bytes.Length - 1])
        {
            Put(file, at, (byte)(bytes[at] ^ 1));
            Assert.Throws<SwanFormatException>(() => index.CopyTo(_folder.Path($"copy {at}")));
            Assert.Throws<SwanFormatException>(() => index.Verify());
            Assert.False(File.Exists(Path.Combine(_folder.Path($"copy {at}"), "manifest.json")));
            Put(file, at, bytes[at]);
        }
        index.CopyTo(_folder.Path("copy"));
    }

    // In place: what is cut can't be read where it is mapped.
    private static void Put(string file, int at, byte value)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        stream.Position = at;
        stream.WriteByte(value);
    }

    [Fact]
    public void A_canceled_copy_or_check_ends()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        writer.Upsert("a", [1, 0, 0]);
        writer.Commit();
        var canceled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => index.CopyTo(_folder.Path("copy"), null, canceled));
        Assert.Throws<OperationCanceledException>(() => index.Verify(null, canceled));
        writer.Upsert("b", [1, 0, 0]);
        Assert.Throws<OperationCanceledException>(() => writer.Commit(canceled));
        Assert.Equal(1, index.Count);
        writer.Commit();
        Assert.Equal(2, index.Count);
    }
}
