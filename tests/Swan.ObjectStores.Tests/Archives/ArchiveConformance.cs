using Swan.Batch.Archives;
using Swan.Batch.Stores;
using Swan.ObjectStores.Tests.Conformance;

namespace Swan.ObjectStores.Tests.Archives;

/// <summary>Archives in a store, read by their parts.</summary>
public abstract class ArchiveConformance : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    public static TheoryData<string> Kinds => ["tar", "zip", "stored.zip", "zip64.zip", "prefixed.zip", "v7.tar", "gnu.tar"];

    public void Dispose()
    {
        foreach (IDisposable opened in Enumerable.Reverse(_opened)) opened.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Entries_are_listed_and_read_by_their_parts(string kind)
    {
        ObjectStore inner = Keep(OpenEmpty());
        Dictionary<string, byte[]> files = PackedFiles.Some();
        string key = $"in/a.{kind}";
        await inner.WriteAsync(key, new MemoryStream(PackedFiles.Pack(kind, files)));
        await inner.WriteAsync("in/beside.png", new MemoryStream([1]));
        using var store = new ArchiveStore(inner);
        List<StoredObject> listed = await StoreConformance.List(store, "");
        Assert.Equal(
            files.Keys.Select(f => $"{key}/{f}").Append("in/beside.png").Order(Utf8Order.Instance), listed.Select(o => o.Key));
        foreach (StoredObject entry in listed.Where(o => o.Key != "in/beside.png"))
        {
            byte[] expected = files[entry.Key[(key.Length + 1)..]];
            Assert.Equal(expected.Length, entry.Size);
            Assert.Equal(expected, await Bytes(await store.OpenAsync(entry)));
        }
        Assert.Equal(files["b/large.bin"], await StoreConformance.Bytes(store, $"{key}/b/large.bin"));
        Assert.Equal([1], await StoreConformance.Bytes(store, "in/beside.png"));
        Assert.Null(await store.OpenAsync($"{key}/missing"));
        Assert.Equal([$"{key}/b/large.bin", $"{key}/b/text.txt"], await StoreConformance.Keys(store, $"{key}/b/"));
    }

    [Fact]
    public async Task An_archive_that_was_replaced_is_not_read_by_the_old_directory()
    {
        ObjectStore inner = Keep(OpenEmpty());
        await inner.WriteAsync("a.zip", new MemoryStream(PackedFiles.Pack("zip", PackedFiles.Some())));
        await inner.WriteAsync("a.tar", new MemoryStream(PackedFiles.Pack("tar", PackedFiles.Some())));
        using var store = new ArchiveStore(inner);
        List<StoredObject> listed = await StoreConformance.List(store, "");
        await inner.WriteAsync("a.zip", new MemoryStream(PackedFiles.Pack("zip", PackedFiles.Some())));
        await inner.WriteAsync("a.tar", new MemoryStream(PackedFiles.Pack("tar", PackedFiles.Some())));
        foreach (StoredObject entry in listed.Where(e => e.Size > 0))
        {
            StoreException error = await Assert.ThrowsAsync<StoreException>(async () => await Bytes(await store.OpenAsync(entry)));
            Assert.Equal(StoreFailure.Changed, error.Failure);
        }
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    public async Task An_archive_that_is_cut_is_an_error(string kind)
    {
        ObjectStore inner = Keep(OpenEmpty());
        byte[] archive = PackedFiles.Pack(kind, PackedFiles.Some());
        await inner.WriteAsync($"a.{kind}", new MemoryStream(archive[..(archive.Length / 2)]));
        using var store = new ArchiveStore(inner);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => StoreConformance.Keys(store, ""));
        Assert.Contains($"'a.{kind}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_damaged_are_an_error()
    {
        ObjectStore inner = Keep(OpenEmpty());
        byte[] archive = PackedFiles.Pack("stored.zip", new() { ["a"] = StoreConformance.Random(10_000) });
        archive[5000] ^= 1;
        await inner.WriteAsync("a.zip", new MemoryStream(archive));
        using var store = new ArchiveStore(inner);
        StoreException error = await Assert.ThrowsAsync<StoreException>(() => StoreConformance.Bytes(store, "a.zip/a"));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    protected T Keep<T>(T opened) where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    protected abstract ObjectStore OpenEmpty();

    private static async Task<byte[]> Bytes(StoredContent? opened)
    {
        using StoredContent content = opened!;
        var bytes = new MemoryStream();
        await content.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
