namespace Swan.Batch.Jobs;

/// <summary>Room for the bytes of images that are read ahead: in their order, so that the next one to be used never waits for later ones.
/// </summary>
/// <param name="bytes">How many bytes may be held; one image may always be, however large.</param>
internal sealed class ReadBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, (long Bytes, TaskCompletionSource Room)> _waiting = [];
    private long _held, _next;

    /// <summary>Takes room, as soon as there is some or nothing before this is left.</summary>
    /// <param name="place">The image's place in the order.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task TakeAsync(long place, long size, CancellationToken cancellation)
    {
        var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add(place, (size, room));
            LetIn();
        }
        using CancellationTokenRegistration ended = cancellation.Register(() => Leave(place, room, cancellation));
        await room.Task.ConfigureAwait(false);
    }

    /// <summary>Gives room back.</summary>
    public void Return(long size)
    {
        lock (_lock)
        {
            _held -= size;
            LetIn();
        }
    }

    /// <summary>Reports that the image of this place is awaited: it is let in regardless of the bytes held.</summary>
    public void Await(long place)
    {
        lock (_lock)
        {
            _next = place;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (_waiting.Count > 0)
        {
            (long place, (long size, TaskCompletionSource room)) = _waiting.First();
            if (_held + size > bytes && _held > 0 && place > _next) return;
            _waiting.Remove(place);
            _held += size;
            room.SetResult();
        }
    }

    private void Leave(long place, TaskCompletionSource room, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_waiting.Remove(place)) room.SetCanceled(cancellation);
        }
    }
}
