using Swan.Batch.Stores;
using Swan.ObjectStores.Requests;

namespace Swan.ObjectStores.Remote;

/// <summary>An object's bytes: if a connection breaks off, reading resumes with the next one, or fails.</summary>
internal sealed class ResumingStream : ForwardStream
{
    private readonly StoredObject _stored;
    private readonly long _end;
    private readonly bool _isWhole;
    private readonly Func<Wanted, Attempt, Task<OpenedBody?>> _open;
    private readonly Attempts _attempts;
    private readonly Subject _subject;
    private readonly Budget _budget;
    private readonly CancellationToken _cancellation;
    private OpenedBody? _body;
    private long _position;

    /// <param name="stored">The version that is read.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="end">The byte after the last one; -1 where the server doesn't tell.</param>
    /// <param name="body">The answer to begin with; null: it is asked for when it is needed.</param>
    /// <param name="open">Requests a part; null if the object is gone.</param>
    /// <param name="attempts">Tries again.</param>
    /// <param name="subject">What errors are about.</param>
    /// <param name="budget">The object's time.</param>
    /// <param name="cancellation">Ends every wait.</param>
    public ResumingStream(
        StoredObject stored, long start, long end, OpenedBody? body, Func<Wanted, Attempt, Task<OpenedBody?>> open, Attempts attempts,
        Subject subject, Budget budget, CancellationToken cancellation)
    {
        (_stored, _position, _end, _body, _open) = (stored, start, end, body, open);
        (_attempts, _subject, _budget, _cancellation) = (attempts, subject, budget, cancellation);
        _isWhole = end == stored.Size;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _position == _end) return 0;
        using CancellationTokenSource? both = cancellationToken.CanBeCanceled && cancellationToken != _cancellation
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation)
            : null;
        int count = await _attempts.RunAsync(
            _subject, _budget, attempt => ReadAsync(buffer, attempt), both?.Token ?? _cancellation, LetGo).ConfigureAwait(false);
        _position += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        LetGo();
        base.Dispose(disposing);
    }

    private void LetGo()
    {
        _body?.Dispose();
        _body = null;
    }

    private async Task<int> ReadAsync(Memory<byte> buffer, Attempt attempt)
    {
        _body ??= await OpenAsync(attempt).ConfigureAwait(false);
        if (_end >= 0 && _end - _position < buffer.Length) buffer = buffer[..(int)(_end - _position)];
        int count = await _body.Body.ReadAsync(buffer, attempt.Token).ConfigureAwait(false);
        if (count == 0 && _end >= 0)
        {
            throw new FaultException(new Fault(
                StoreFailure.Broken, FormattableString.Invariant($"it ended after {_position} of {_stored.Size} bytes")));
        }
        if (_position + count == _end && _isWhole) await EndAsync(_body.Body, attempt).ConfigureAwait(false);
        return count;
    }

    // AWS's SDK compares checksums when it is asked for more than there is; the last bytes are handed out after that.
    private static async Task EndAsync(Stream body, Attempt attempt)
    {
        try
        {
            _ = await body.ReadAsync(new byte[1], attempt.Token).ConfigureAwait(false);
        }
        catch (BodyBrokenException)
        {
            // All bytes are there.
        }
    }

    private async Task<OpenedBody> OpenAsync(Attempt attempt)
    {
        // To the end, a server needs no other end.
        var wanted = new Wanted(_position, _isWhole || _end < 0 ? null : _end, _stored.Stamp);
        OpenedBody? rest = await _open(wanted, attempt).ConfigureAwait(false);
        try
        {
            bool same = rest is not null && rest.Stamp == _stored.Stamp && (_stored.Size < 0 || rest.Size == _stored.Size);
            if (rest is null || !same || rest.Start > _position)
                throw new FaultException(new Fault(StoreFailure.Changed, "it has changed since it was opened or listed"));
            // A server that knows no ranges sends all of it once more.
            byte[] skipped = new byte[Math.Min(81_920, _position - rest.Start)];
            for (long left = _position - rest.Start; left > 0;)
            {
                int count = await rest.Body.ReadAsync(skipped.AsMemory(0, (int)Math.Min(skipped.Length, left)), attempt.Token)
                    .ConfigureAwait(false);
                if (count == 0) throw new FaultException(new Fault(StoreFailure.Broken, "it ended early"));
                left -= count;
                attempt.Progress();
            }
            return rest;
        }
        catch
        {
            rest?.Dispose();
            throw;
        }
    }
}
