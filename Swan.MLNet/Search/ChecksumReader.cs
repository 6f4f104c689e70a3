using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Swan.MLNet.Search;

/// <summary>Reads what <see cref="ChecksumWriter"/> wrote, never further than it wrote.</summary>
internal sealed class ChecksumReader(Stream stream, string name) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;

    public void Bytes(Span<byte> destination)
    {
        Exactly(destination);
        _hash.AppendData(destination);
    }

    public int Int32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        Bytes(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public long Int64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        Bytes(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    /// <param name="longest">The most bytes it may claim.</param>
    public string Text(int longest)
    {
        int length = Int32();
        if (length < 0 || length > longest) throw Damaged($"it claims a text of {length:N0} bytes; the limit is {longest:N0}");
        byte[] bytes = new byte[length];
        Bytes(bytes);
        try
        {
            return SwanIndexBuilder.Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("it has a text that is not UTF-8");
        }
    }

    /// <summary>Refuses a stream that is too short for what its header claims, where the stream knows its length.</summary>
    public void RequireLeft(long bytes)
    {
        if (stream.CanSeek && stream.Length - stream.Position < bytes)
            throw Damaged($"its header claims at least {bytes:N0} more bytes, but {stream.Length - stream.Position:N0} are left");
    }

    public void Finish()
    {
        byte[] found = _hash.GetHashAndReset(), expected = new byte[found.Length];
        Exactly(expected);
        if (!found.AsSpan().SequenceEqual(expected))
            throw Damaged($"its SHA-256 is {Convert.ToHexStringLower(found)}, but it says {Convert.ToHexStringLower(expected)}");
    }

    public SwanFormatException Damaged(string how, Exception? inner = null) =>
        new($"The index '{name}' is damaged: {how}. It was not loaded. Copy it again, or build it again.", inner);

    public void Dispose() => _hash.Dispose();

    private void Exactly(Span<byte> destination)
    {
        int read;
        try
        {
            read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            // Inside a zip: a saved pipeline.
            throw Damaged(e.Message.TrimEnd('.'), e);
        }
        if (read < destination.Length) throw Damaged($"it ends after {_read + read:N0} bytes");
        _read += read;
    }
}
