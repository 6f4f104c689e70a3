using System.Buffers.Binary;
using System.Text;

namespace Swan.MLNet.Onnx;

/// <summary>One protobuf message being written: the few wire types that ONNX needs.</summary>
/// <remarks>Large contents are kept separate, so weights are not copied again into each enclosing message.</remarks>
internal sealed class ProtobufMessage
{
    private const int Large = 1 << 16;

    // In order; _tail comes after them.
    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private MemoryStream _tail = new();
    private long _length;

    public ProtobufMessage Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtobufMessage Single(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Write(bytes);
        return this;
    }

    public ProtobufMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Begin(field, value.Length);
        if (value.Length < Large) Write(value);
        else Add(value.ToArray());
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>
    /// Adds another message's current field as it is. ONNX's models, graphs and nodes have no numbers of fixed size of their own.
    /// </summary>
    /// <exception cref="InvalidDataException">The field is one.</exception>
    public ProtobufMessage Copy(ProtobufFields field) =>
        field.IsFixed ? throw new InvalidDataException($"field {field.Number} is a number of fixed size, where ONNX has none.")
        : field.IsBytes ? Bytes(field.Number, field.Bytes) : Number(field.Number, (long)field.Value);

    public ProtobufMessage Nested(int field, ProtobufMessage value)
    {
        Begin(field, value._length);
        foreach (ReadOnlyMemory<byte> part in value._parts) Add(part);
        Write(value._tail.GetBuffer().AsSpan(0, (int)value._tail.Length));
        return this;
    }

    /// <exception cref="OverflowException">The message has more bytes than an array can have, and than protobuf allows.</exception>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[checked((int)_length)];
        int at = 0;
        foreach (ReadOnlyMemory<byte> part in _parts)
        {
            part.Span.CopyTo(bytes.AsSpan(at));
            at += part.Length;
        }
        _tail.GetBuffer().AsSpan(0, (int)_tail.Length).CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private void Begin(int field, long length)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)length);
    }

    private void Add(ReadOnlyMemory<byte> part)
    {
        if (_tail.Length > 0)
        {
            _parts.Add(_tail.GetBuffer().AsMemory(0, (int)_tail.Length));
            _tail = new MemoryStream();
        }
        _parts.Add(part);
        _length += part.Length;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _tail.Write(bytes);
        _length += bytes.Length;
    }

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int count = 0;
        for (; value >= 0x80; value >>= 7) bytes[count++] = (byte)(value | 0x80);
        bytes[count++] = (byte)value;
        Write(bytes[..count]);
    }
}
