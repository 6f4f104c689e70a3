using Swan.Batch.Stores;

namespace Swan.ObjectStores.Requests;

/// <summary>A part of the content to send, for one attempt: a stream that starts again and closes nothing.</summary>
internal sealed class AttemptContent(Stream content, long offset, long length, Attempt attempt) : PlacedStream
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _ended;

    public override long Length => length;

    /// <summary>Waits for a read that is under way; later ones fail.</summary>
    public async Task EndAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _ended = true;
        _turn.Release();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            buffer = Begin(buffer);
            return buffer.IsEmpty ? 0 : Took(await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            attempt.ContentError ??= e;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private Memory<byte> Begin(Memory<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (content.Position != offset + Position) content.Position = offset + Position;
        return buffer[..(int)Math.Clamp(length - Position, 0, buffer.Length)];
    }

    private int Took(int count)
    {
        if (count == 0)
            throw new EndOfStreamException($"The content to write ended after {offset + Position} bytes, while it was written.");
        Position += count;
        attempt.Progress();
        return count;
    }
}
