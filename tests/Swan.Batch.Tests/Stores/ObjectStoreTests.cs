using System.Text;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Stores;

/// <summary>What a store does that knows no parts of objects.</summary>
public sealed class ObjectStoreTests
{
    [Fact]
    public async Task A_part_is_read_from_the_whole()
    {
        using var store = new FlawedStore(Flaw.None);
        await store.CreateAsync("a", new MemoryStream("0123456789"u8.ToArray()));
        var stored = new StoredObject("a", 10, "");
        using (Stream part = await store.OpenRangeAsync(stored, 3, 4))
        using (var reader = new StreamReader(part, Encoding.UTF8)) Assert.Equal("3456", await reader.ReadToEndAsync());
        await Assert.ThrowsAsync<StoreException>(() => store.OpenRangeAsync(stored with { Stamp = "other" }, 3, 4));
        await Assert.ThrowsAsync<StoreException>(() => store.OpenRangeAsync(stored with { Key = "b" }, 3, 4));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.OpenRangeAsync(stored, 7, 4));
        using StoredContent? listed = await store.OpenAsync(stored);
        Assert.Equal(10, listed!.Object.Size);
    }

    [Fact]
    public async Task An_object_that_is_shorter_than_it_was_listed_is_an_error()
    {
        using var store = new FlawedStore(Flaw.None);
        await store.CreateAsync("a", new MemoryStream(new byte[10]));
        using Stream part = await store.OpenRangeAsync(new StoredObject("a", 100, ""), 5, 50);
        await Assert.ThrowsAsync<EndOfStreamException>(() => part.CopyToAsync(Stream.Null));
    }
}
