namespace Swan.MLNet.Search;

/// <summary>A part of a segment: bytes with a checksum for each chunk of them, compared when a chunk is first read.</summary>
/// <remarks>Safe for concurrent use. A chunk that is damaged is refused each time.</remarks>
internal sealed class SegmentPart
{
    private readonly ReadOnlyMemory<byte> _padded;
    private readonly UInt128[] _checksums;
    private readonly int _chunk, _length;
    private readonly bool[] _good;
    private readonly Func<string, SwanFormatException> _damaged;
    private int _left;

    /// <param name="place">Where it is, and what its bytes should be.</param>
    /// <param name="padded">Its bytes, filled up with zeros to whole pages.</param>
    /// <param name="damaged">Makes the error for a damaged file.</param>
    public SegmentPart(PartPlace place, ReadOnlyMemory<byte> padded, Func<string, SwanFormatException> damaged)
    {
        (Name, _padded, _checksums, _damaged) = (place.Name, padded, place.Checksums, damaged);
        (_chunk, _length) = (place.ChunkLength, place.Length);
        _good = new bool[_checksums.Length];
        _left = _checksums.Length;
    }

    public string Name { get; }

    /// <summary>Bytes, those that fill up the last page not counted.</summary>
    public int Length => _length;

    /// <summary>Some of its bytes.</summary>
    /// <exception cref="SwanFormatException">A chunk of them is damaged, or the part is shorter.</exception>
    public ReadOnlySpan<byte> Read(long start, int length)
    {
        Require(start, length);
        return _padded.Span.Slice((int)start, length);
    }

    /// <summary>All of its bytes.</summary>
    /// <exception cref="SwanFormatException">A chunk is damaged.</exception>
    public ReadOnlyMemory<byte> All()
    {
        Require(0, _length);
        return _padded[.._length];
    }

    /// <summary>Bytes that are not checked yet: call <see cref="Require"/> before reading them.</summary>
    public ReadOnlyMemory<byte> Unchecked => _padded[.._length];

    /// <summary>Compares the checksums of the chunks that hold some bytes, where that has not been done.</summary>
    /// <exception cref="SwanFormatException">A chunk is damaged, or the part is shorter.</exception>
    public void Require(long start, long length)
    {
        if (start < 0 || length < 0 || start > _length - length)
            throw _damaged($"has a part '{Name}' of {_length:N0} bytes, but {length:N0} are needed from byte {start:N0} on");
        if (length == 0 || Volatile.Read(ref _left) == 0) return;
        int last = (int)((start + length - 1) / _chunk);
        for (int chunk = (int)(start / _chunk); chunk <= last; chunk++)
            RequireChunk(chunk);
    }

    /// <summary>Compares the checksum of one chunk again, whatever was found before.</summary>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="SwanFormatException">It is damaged.</exception>
    public int VerifyChunk(int chunk)
    {
        int start = chunk * _chunk, length = Math.Min(_chunk, _padded.Length - start);
        UInt128 found = Checksum.Of(_padded.Span.Slice(start, length));
        if (found != _checksums[chunk])
        {
            throw _damaged(
                $"has changed bytes in its part '{Name}', within {length:N0} bytes from byte {start:N0} of the part on "
                + $"(XXH128 {Checksum.Text(found)}, expected {Checksum.Text(_checksums[chunk])})");
        }
        return length;
    }

    /// <summary>How many chunks there are.</summary>
    public int Chunks => _checksums.Length;

    /// <summary>Compares the checksum of one chunk, where that has not been done.</summary>
    /// <exception cref="SwanFormatException">It is damaged.</exception>
    public void RequireChunk(int chunk)
    {
        if (Volatile.Read(ref _good[chunk])) return;
        VerifyChunk(chunk);
        lock (_good)
        {
            if (_good[chunk]) return;
            Volatile.Write(ref _good[chunk], true);
            Volatile.Write(ref _left, _left - 1);
        }
    }
}
