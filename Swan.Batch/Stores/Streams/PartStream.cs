namespace Swan.Batch.Stores;

/// <summary>So many bytes of a stream, neither more nor fewer.</summary>
/// <param name="content">The stream.</param>
/// <param name="length">How many.</param>
/// <param name="owner">Disposed with this.</param>
internal sealed class PartStream(Stream content, long length, IDisposable owner) : ForwardStream
{
    private long _left = length;

    /// <summary>Reads on to where the part begins.</summary>
    public async Task SkipAsync(long count, CancellationToken cancellation)
    {
        byte[] skipped = new byte[Math.Min(count, 81_920)];
        for (; count > 0; count -= skipped.Length)
        {
            await content.ReadExactlyAsync(skipped.AsMemory(0, (int)Math.Min(count, skipped.Length)), cancellation).ConfigureAwait(false);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer = Within(buffer);
        return buffer.IsEmpty ? 0 : Took(await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        Memory<byte> part = Within(buffer.AsMemory(offset, count));
        return part.IsEmpty ? 0 : Took(content.Read(buffer, offset, part.Length));
    }

    protected override void Dispose(bool disposing)
    {
        owner.Dispose();
        base.Dispose(disposing);
    }

    private Memory<byte> Within(Memory<byte> buffer) => buffer[..(int)Math.Min(buffer.Length, _left)];

    private int Took(int count)
    {
        if (count == 0) throw new EndOfStreamException($"The object ends {_left} bytes before the part that was asked for.");
        _left -= count;
        return count;
    }
}
