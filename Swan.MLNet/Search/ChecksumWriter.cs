using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Swan.MLNet.Search;

/// <summary>Writes values and, at the end, the SHA-256 of all of them.</summary>
internal sealed class ChecksumWriter(Stream stream) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        stream.Write(bytes);
    }

    public void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Bytes(bytes);
    }

    public void Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Bytes(bytes);
    }

    public void Text(string text)
    {
        byte[] bytes = SwanIndexBuilder.Utf8.GetBytes(text);
        Int32(bytes.Length);
        Bytes(bytes);
    }

    public void Finish() => stream.Write(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
