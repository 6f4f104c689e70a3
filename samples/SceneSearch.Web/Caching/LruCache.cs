namespace SceneSearch.Web.Caching;

/// <summary>Keeps what was used last, up to a sum of costs.</summary>
/// <remarks>Safe for concurrent use. Two threads that miss the same key both make its value; the last one stays.</remarks>
/// <param name="capacity">The most that all values may cost together; a value that costs more is not kept.</param>
internal sealed class LruCache<TKey, TValue>(long capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _used = new();
    private long _cost;

    public bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        using Lock.Scope scope = _gate.EnterScope();
        if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            value = default;
            return false;
        }
        _used.Remove(node);
        _used.AddLast(node);
        value = node.Value.Value;
        return true;
    }

    public void Set(TKey key, TValue value, long cost)
    {
        if (cost > capacity) return;
        using Lock.Scope scope = _gate.EnterScope();
        if (_entries.Remove(key, out LinkedListNode<Entry>? before)) Drop(before);
        _entries.Add(key, _used.AddLast(new Entry(key, value, cost)));
        _cost += cost;
        while (_cost > capacity && _used.First is { } oldest)
        {
            _entries.Remove(oldest.Value.Key);
            Drop(oldest);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _used.Remove(node);
        _cost -= node.Value.Cost;
    }

    private readonly record struct Entry(TKey Key, TValue Value, long Cost);
}
