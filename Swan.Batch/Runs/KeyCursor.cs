using Swan.Batch.Stores;

namespace Swan.Batch.Runs;

/// <summary>Stands on a line of a stream that is in the order of its keys' UTF-8 bytes.</summary>
/// <param name="lines">The stream; disposed with this.</param>
/// <param name="name">What messages call it.</param>
internal sealed class KeyCursor<T>(IAsyncEnumerator<T> lines, string name) : IAsyncDisposable where T : class, IKeyed
{
    /// <summary>The line; null after the last one.</summary>
    public T? Current { get; private set; }

    public string? Key => Current?.Key;

    /// <summary>Opens a stream and stands on its first line.</summary>
    public static async Task<KeyCursor<T>> OpenAsync(IAsyncEnumerable<T> lines, string name, CancellationToken cancellation)
    {
        var cursor = new KeyCursor<T>(lines.GetAsyncEnumerator(cancellation), name);
        await cursor.MoveAsync().ConfigureAwait(false);
        return cursor;
    }

    /// <summary>Goes to the next line.</summary>
    /// <exception cref="SwanBatchException">It is out of order, or has the key of the one before.</exception>
    public async Task MoveAsync()
    {
        string? before = Key;
        Current = await lines.MoveNextAsync().ConfigureAwait(false) ? lines.Current : null;
        if (before is not null && Current is not null && Utf8Order.Instance.Compare(before, Key) >= 0)
        {
            throw new SwanBatchException($"{name} is damaged: '{Key}' comes after '{before}', but keys must ascend. Restore its "
                + "source, or choose another output.");
        }
    }

    /// <summary>If it stands on a key: gives the line, and goes to the next one.</summary>
    public async Task<T?> TakeAsync(string key)
    {
        if (Key != key) return null;
        T? taken = Current;
        await MoveAsync().ConfigureAwait(false);
        return taken;
    }

    /// <summary>The least of some keys; null where all are null.</summary>
    public static string? Least(params ReadOnlySpan<string?> keys)
    {
        string? least = null;
        foreach (string? key in keys)
        {
            if (key is not null && (least is null || Utf8Order.Instance.Compare(key, least) < 0)) least = key;
        }
        return least;
    }

    public ValueTask DisposeAsync() => lines.DisposeAsync();
}
