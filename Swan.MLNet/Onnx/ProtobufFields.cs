using System.Buffers.Binary;

namespace Swan.MLNet.Onnx;

/// <summary>Steps through the fields of one protobuf message without copying: a model's weights stay where they are.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The current field's number.</summary>
    public int Number { get; private set; }

    /// <summary>The current field is length-delimited: a message, a string, bytes or packed numbers.</summary>
    public bool IsBytes { get; private set; }

    /// <summary>The current field is a number of 4 or 8 bytes, such as a floating-point one.</summary>
    public bool IsFixed { get; private set; }

    /// <summary>The current field's contents when <see cref="IsBytes"/>.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The current field's value when not <see cref="IsBytes"/>.</summary>
    public ulong Value { get; private set; }

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a protobuf message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = Varint();
        if (tag >> 3 is 0 or > 0x1FFF_FFFF) throw new InvalidDataException($"a field has the number {tag >> 3}.");
        Number = (int)(tag >> 3);
        IsBytes = IsFixed = false;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Value = Varint();
                break;
            case 1:
                Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                IsFixed = true;
                break;
            case 2:
                Bytes = Take(Varint());
                IsBytes = true;
                break;
            case 5:
                Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                IsFixed = true;
                break;
            default:
                throw new InvalidDataException($"field {Number} has the unknown wire type {tag & 7}.");
        }
        return true;
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new InvalidDataException($"it ends {count - (ulong)_rest.Length} bytes too early.");
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    /// <summary>Where the message is a packed field: moves to its next number, <see cref="Value"/>; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are not numbers.</exception>
    public bool NextPacked()
    {
        if (_rest.IsEmpty) return false;
        Value = Varint();
        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10; i++)
        {
            byte b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80) return value;
        }
        throw new InvalidDataException("a number is longer than 10 bytes.");
    }
}
