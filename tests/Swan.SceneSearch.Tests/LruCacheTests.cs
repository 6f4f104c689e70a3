using SceneSearch.Web.Caching;

namespace Swan.SceneSearch.Tests;

public sealed class LruCacheTests
{
    [Fact]
    public void What_was_used_longest_ago_goes_first()
    {
        var cache = new LruCache<int, string>(capacity: 3);
        for (int i = 0; i < 3; i++) cache.Set(i, $"{i}", cost: 1);
        Assert.True(cache.TryGet(0, out _));
        cache.Set(3, "3", cost: 1);
        Assert.False(cache.TryGet(1, out _));
        Assert.True(cache.TryGet(0, out string? kept));
        Assert.Equal("0", kept);
    }

    [Fact]
    public void Costs_are_bounded()
    {
        var cache = new LruCache<int, string>(capacity: 10);
        cache.Set(1, "too much", cost: 11);
        Assert.False(cache.TryGet(1, out _));
        cache.Set(1, "a", cost: 6);
        cache.Set(1, "b", cost: 7);
        cache.Set(2, "c", cost: 3);
        Assert.True(cache.TryGet(1, out _) && cache.TryGet(2, out _));
        cache.Set(3, "d", cost: 5);
        Assert.False(cache.TryGet(1, out _));
        Assert.True(cache.TryGet(2, out _) && cache.TryGet(3, out _));
    }
}
