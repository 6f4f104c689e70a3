using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Swan.Batch.Stores;

namespace Swan.ObjectStores.Tests.Conformance;

/// <summary>What every store does, whatever it is made of.</summary>
public abstract class StoreConformance : IDisposable
{
    private const int MiB = 1 << 20;
    private readonly List<IDisposable> _opened = [];

    public static TheoryData<string> OddKeys =>
    [
        "a b.png", "a+b.png", "100%.png", "%41.png", "%2F.png", "a#b?c=d&e.png", "é.png", "e\u0301.png",
        "日本/東京.png", "𝒳/🛰.png", "\uE000.png",
        "a'b\"c.png", "(a)[b]{c}!$,;=@~.png", "a..b/..c/d...png", ".hidden/x", "a&amp;b<c>.png", "x/y/z/0/1/2/3/4/5/6/7/8/9/a",
    ];

    public static TheoryData<string> BadKeys => ["", "/a", "../a", "a/../b", "a/..", "./a", "a/./b", "a\0b", "a\uD800b"];

    public void Dispose()
    {
        foreach (IDisposable opened in Enumerable.Reverse(_opened)) opened.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Objects_are_listed_by_the_bytes_of_their_keys()
    {
        ObjectStore store = New();
        // By UTF-16, the satellite would come before U+E000.
        string[] keys = ["b", "a/b", "a.png", "a b", "a/a", "é", "z", "\uE000", "🛰", "A", "a-b/c", "a0", "\uFFFD.x", "ab/c/d"];
        foreach (string key in keys) await store.WriteAsync(key, Content(key));
        string[] expected = [.. keys.OrderBy(k => Convert.ToHexString(Encoding.UTF8.GetBytes(k)), StringComparer.Ordinal)];
        Assert.Equal(expected, await Keys(store, ""));
        Assert.Equal(["a/a", "a/b"], await Keys(store, "a/"));
        Assert.Equal(["a b", "a-b/c", "a.png", "a/a", "a/b", "a0", "ab/c/d"], await Keys(store, "a"));
        Assert.Equal(["ab/c/d"], await Keys(store, "ab/c"));
        Assert.Empty(await Keys(store, "nowhere/"));
        Assert.Empty(await Keys(store, "a/bb"));
    }

    [Fact]
    public async Task An_empty_object_is_found()
    {
        ObjectStore store = New();
        await store.WriteAsync("empty", Content(""));
        Assert.Equal(("empty", 0), ((await store.FindAsync("empty")) is { } found ? (found.Key, found.Size) : default));
    }

    [Fact]
    public async Task What_is_listed_is_what_is_opened()
    {
        ObjectStore store = New();
        await store.WriteAsync("a/b.png", Content("some text"));
        StoredObject listed = Assert.Single(await List(store, ""));
        using StoredContent? opened = await store.OpenAsync("a/b.png");
        Assert.Equal(listed, opened!.Object);
        Assert.Equal(listed, await store.FindAsync("a/b.png"));
        Assert.Null(await store.FindAsync("a/b"));
        Assert.Equal(("a/b.png", 9), (listed.Key, listed.Size));

        await store.WriteAsync("a/b.png", Content("other txt"));
        StoredObject then = Assert.Single(await List(store, ""));
        Assert.NotEqual(listed.Stamp, then.Stamp);
        Assert.Equal("other txt", await Text(store, "a/b.png"));
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_can_be_deleted()
    {
        ObjectStore store = New();
        await store.WriteAsync("a/b", Content("x"));
        foreach (string missing in (string[])["c", "a", "a/c", "a/b/c"])
        {
            Assert.Null(await store.OpenAsync(missing));
            await store.DeleteAsync(missing);
        }
        await store.DeleteAsync("a/b");
        Assert.Null(await store.OpenAsync("a/b"));
        Assert.Empty(await Keys(store, ""));
    }

    [Fact]
    public async Task Of_several_that_create_an_object_one_does()
    {
        ObjectStore store = New();
        for (int round = 0; round < 5; round++)
        {
            string key = $"claims/{round}";
            bool[] created = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(i => Task.Run(() => store.CreateAsync(key, Content($"writer {i} of round {round}")))));
            Assert.Equal(1, created.Count(c => c));
            Assert.Equal($"writer {Array.IndexOf(created, true)} of round {round}", await Text(store, key));
        }
        Assert.False(await store.CreateAsync("claims/0", Content("late")));
        await store.DeleteAsync("claims/0");
        Assert.True(await store.CreateAsync("claims/0", Content("anew")));
        Assert.Equal("anew", await Text(store, "claims/0"));
    }

    [Fact]
    public async Task Large_objects_come_back_to_the_byte()
    {
        ObjectStore store = New();
        byte[] bytes = Random(20 * MiB + 12_345);
        await store.WriteAsync("large", new MemoryStream(bytes));
        Assert.Equal(bytes, await Bytes(store, "large"));

        byte[][] others = [.. Enumerable.Range(0, 3).Select(_ => Random(11 * MiB))];
        bool[] created = await Task.WhenAll(others.Select(o => Task.Run(() => store.CreateAsync("claimed", new MemoryStream(o)))));
        Assert.Equal(1, created.Count(c => c));
        Assert.Equal(others[Array.IndexOf(created, true)], await Bytes(store, "claimed"));
        Assert.False(await store.CreateAsync("claimed", new MemoryStream(bytes)));
    }

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        ObjectStore store = New();
        await store.WriteAsync("empty", new MemoryStream());
        Assert.True(await store.CreateAsync("claimed", new MemoryStream()));
        Assert.False(await store.CreateAsync("claimed", Content("x")));
        Assert.Equal([("claimed", 0), ("empty", 0)], (await List(store, "")).Select(o => (o.Key, o.Size)));
        Assert.Empty((await Bytes(store, "empty"))!);
    }

    [Theory]
    [MemberData(nameof(OddKeys))]
    public async Task A_key_may_have_any_letters(string key)
    {
        ObjectStore store = New();
        await store.WriteAsync(key, Content(key));
        Assert.Equal(key, await Text(store, key));
        Assert.Equal([key], await Keys(store, ""));
        Assert.Equal([key], await Keys(store, key));
        Assert.False(await store.CreateAsync(key, Content("other")));
        await store.DeleteAsync(key);
        Assert.Empty(await Keys(store, ""));
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_key_that_leads_elsewhere_is_refused(string key)
    {
        ObjectStore store = New();
        await Assert.ThrowsAsync<StoreException>(() => store.OpenAsync(key));
        await Assert.ThrowsAsync<StoreException>(() => store.WriteAsync(key, Content("x")));
        await Assert.ThrowsAsync<StoreException>(() => store.CreateAsync(key, Content("x")));
        Assert.Equal(StoreFailure.Key, (await Assert.ThrowsAsync<StoreException>(() => store.DeleteAsync(key))).Failure);
    }

    [Fact]
    public async Task A_content_is_read_from_its_beginning_and_stays_open()
    {
        ObjectStore store = New();
        using var content = new MemoryStream("content"u8.ToArray());
        content.Position = 5;
        await store.WriteAsync("a", content);
        Assert.True(await store.CreateAsync("b", content));
        content.Position = 3;
        Assert.False(await store.CreateAsync("b", content));
        Assert.Equal("content", await Text(store, "a"));
        Assert.Equal("content", await Text(store, "b"));
    }

    [Fact]
    public async Task A_content_that_can_not_be_read_leaves_the_object_as_it_was()
    {
        ObjectStore store = New();
        await store.WriteAsync("a", Content("before"));
        await Assert.ThrowsAnyAsync<IOException>(() => store.WriteAsync("a", new BrokenContent(100_000)));
        await Assert.ThrowsAnyAsync<IOException>(() => store.CreateAsync("b", new BrokenContent(100_000)));
        await Assert.ThrowsAnyAsync<IOException>(() => store.CreateAsync("c", new BrokenContent(12 * MiB)));
        Assert.Equal("before", await Text(store, "a"));
        Assert.Equal(["a"], await Keys(store, ""));
    }

    [Fact]
    public async Task Who_cancels_gets_no_more()
    {
        ObjectStore store = New();
        byte[] bytes = Random(4 * MiB);
        await store.WriteAsync("a", new MemoryStream(bytes));
        using var cancellation = new CancellationTokenSource();
        using StoredContent? opened = await store.OpenAsync("a", cancellation.Token);
        await opened!.Content.ReadExactlyAsync(new byte[10]);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opened.Content.CopyToAsync(Stream.Null));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.OpenAsync("a", cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteAsync("a", Content("x"), cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CreateAsync("b", Content("x"), cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.DeleteAsync("a", cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StoredObject _ in store.ListAsync("", cancellation.Token))
            {
            }
        });
        Assert.Equal(bytes, await Bytes(store, "a"));
        Assert.Equal(["a"], await Keys(store, ""));
    }

    [Fact]
    public async Task A_part_of_an_object_is_just_that()
    {
        ObjectStore store = New();
        byte[] bytes = Random(100_000);
        await store.WriteAsync("a", new MemoryStream(bytes));
        StoredObject stored = Assert.Single(await List(store, ""));
        (int, int)[] parts = [(0, 100_000), (0, 1), (99_999, 1), (12_345, 54_321), (0, 0), (100_000, 0)];
        foreach ((int offset, int length) in parts)
            Assert.Equal(bytes[offset..(offset + length)], Part(store, stored, offset, length));
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 100_000]).Sample(ends =>
        {
            (int from, int to) = (Math.Min(ends.Item1, ends.Item2), Math.Max(ends.Item1, ends.Item2));
            Assert.True(bytes.AsSpan(from..to).SequenceEqual(Part(store, stored, from, to - from)), $"{from} to {to}");
        }, iter: 25, threads: 1);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.OpenRangeAsync(stored, 1, 100_000));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.OpenRangeAsync(stored, -1, 1));
    }

    [Fact]
    public async Task A_part_is_of_the_version_that_was_listed_or_of_none()
    {
        ObjectStore store = New();
        await store.WriteAsync("a", Content("some text"));
        StoredObject stored = Assert.Single(await List(store, ""));
        await store.WriteAsync("a", Content("more text"));
        Assert.Equal(StoreFailure.Changed, Assert.Throws<StoreException>(() => Part(store, stored, 2, 3)).Failure);
        await store.DeleteAsync("a");
        Assert.Equal(StoreFailure.Changed, Assert.Throws<StoreException>(() => Part(store, stored, 0, 9)).Failure);
    }

    [Fact]
    public Task It_is_fit_as_a_destination() => StoreProbe.CheckAsync(New());

    [Fact]
    public async Task The_probe_leaves_nothing()
    {
        ObjectStore store = New();
        await StoreProbe.CheckAsync(store);
        Assert.Empty(await Keys(store, ""));
    }

    [Fact]
    public void It_keeps_what_a_dictionary_keeps() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 99]).Array[1, 12].Sample(steps =>
    {
        ObjectStore store = New();
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((int step, int name, int value) in steps)
        {
            (string key, string text) = ($"k/{name}", $"v{value}");
            switch (step)
            {
                case 0:
                    store.WriteAsync(key, Content(text)).GetAwaiter().GetResult();
                    model[key] = text;
                    break;
                case 1:
                    Assert.Equal(model.TryAdd(key, text), store.CreateAsync(key, Content(text)).GetAwaiter().GetResult());
                    break;
                case 2:
                    store.DeleteAsync(key).GetAwaiter().GetResult();
                    model.Remove(key);
                    break;
                default:
                    Assert.Equal(model.GetValueOrDefault(key), Text(store, key).GetAwaiter().GetResult());
                    break;
            }
        }
        Assert.Equal(model.Keys, Keys(store, "").GetAwaiter().GetResult());
    }, iter: 10, threads: 1);

    /// <summary>A store without objects; parts are of 5 MiB.</summary>
    protected abstract ObjectStore OpenEmpty();

    protected T Keep<T>(T opened) where T : IDisposable
    {
        _opened.Add(opened);
        return opened;
    }

    protected static MemoryStream Content(string text) => new(Encoding.UTF8.GetBytes(text));

    internal static byte[] Random(int count) => RandomNumberGenerator.GetBytes(count);

    internal static async Task<List<StoredObject>> List(ObjectStore store, string prefix)
    {
        var listed = new List<StoredObject>();
        await foreach (StoredObject stored in store.ListAsync(prefix)) listed.Add(stored);
        return listed;
    }

    internal static async Task<string[]> Keys(ObjectStore store, string prefix) => [.. (await List(store, prefix)).Select(o => o.Key)];

    internal static async Task<byte[]?> Bytes(ObjectStore store, string key)
    {
        using StoredContent? opened = await store.OpenAsync(key);
        if (opened is null) return null;
        var bytes = new MemoryStream();
        await opened.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    internal static byte[] Part(ObjectStore store, StoredObject stored, long offset, long length)
    {
        using Stream part = store.OpenRangeAsync(stored, offset, length).GetAwaiter().GetResult();
        using var bytes = new MemoryStream();
        part.CopyTo(bytes);
        return bytes.ToArray();
    }

    internal static async Task<string?> Text(ObjectStore store, string key) =>
        await Bytes(store, key) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private ObjectStore New() => Keep(OpenEmpty());
}
