namespace Swan.Batch.Output;

/// <summary>A structure of Thrift's compact protocol, in which Parquet's footers and page headers are written.</summary>
internal sealed class ThriftStruct
{
    public const byte True = 1, False = 2, Byte = 3, Int16 = 4, Int32 = 5, Int64 = 6, Double = 7, Binary = 8, List = 9, Set = 10,
        Struct = 12;

    // Far more than Parquet's nest.
    private const int MostDepth = 32;

    private readonly SortedList<short, (byte Type, object? Value)> _fields = [];

    /// <summary>A field's value: byte, long, byte[], <see cref="ThriftList"/> or <see cref="ThriftStruct"/>; null: not there.</summary>
    public object? this[short id] => _fields.GetValueOrDefault(id).Value;

    public ThriftStruct? StructAt(short id) => this[id] as ThriftStruct;

    public IEnumerable<ThriftStruct> StructsAt(short id) => (this[id] as ThriftList)?.Items.OfType<ThriftStruct>() ?? [];

    public void Put(short id, byte type, object? value) => _fields[id] = (type, value);

    public bool Remove(short id) => _fields.Remove(id);

    /// <summary>Reads one.</summary>
    /// <param name="bytes">From its beginning; what follows it is left.</param>
    /// <param name="length">How many bytes it has.</param>
    /// <exception cref="InvalidDataException">They are not a structure.</exception>
    public static ThriftStruct Read(ReadOnlySpan<byte> bytes, out int length)
    {
        ReadOnlySpan<byte> rest = bytes;
        ThriftStruct read = ReadStruct(ref rest, 0);
        length = bytes.Length - rest.Length;
        return read;
    }

    /// <summary>Its bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new List<byte>();
        Write(bytes);
        return [.. bytes];
    }

    private void Write(List<byte> bytes)
    {
        short last = 0;
        foreach ((short id, (byte type, object? value)) in _fields)
        {
            int delta = id - last;
            if (delta is > 0 and < 16) bytes.Add((byte)(delta << 4 | type));
            else
            {
                bytes.Add(type);
                WriteVarint(bytes, Zigzag(id));
            }
            last = id;
            if (type is not (True or False)) WriteValue(bytes, type, value!);
        }
        bytes.Add(0);
    }

    private static void WriteValue(List<byte> bytes, byte type, object value)
    {
        switch (value)
        {
            case byte single: bytes.Add(single); break;
            case long number: WriteVarint(bytes, Zigzag(number)); break;
            case byte[] content:
                if (type == Binary) WriteVarint(bytes, (ulong)content.Length);
                bytes.AddRange(content);
                break;
            case ThriftList list:
                if (list.Items.Count < 15) bytes.Add((byte)(list.Items.Count << 4 | list.Type));
                else
                {
                    bytes.Add((byte)(0xF0 | list.Type));
                    WriteVarint(bytes, (ulong)list.Items.Count);
                }
                foreach (object item in list.Items) WriteValue(bytes, list.Type, item);
                break;
            case ThriftStruct inner: inner.Write(bytes); break;
            default: throw new InvalidOperationException($"A {value.GetType().Name} is not a Thrift value.");
        }
    }

    private static ThriftStruct ReadStruct(ref ReadOnlySpan<byte> rest, int depth)
    {
        if (depth == MostDepth) throw Damaged();
        var read = new ThriftStruct();
        short id = 0;
        for (byte head; (head = ReadByte(ref rest)) != 0;)
        {
            byte type = (byte)(head & 0xF);
            id = head >> 4 is > 0 and var delta ? (short)(id + delta) : (short)Unzigzag(ReadVarint(ref rest));
            read.Put(id, type, type is True or False ? null : ReadValue(ref rest, type, depth + 1));
        }
        return read;
    }

    private static object ReadValue(ref ReadOnlySpan<byte> rest, byte type, int depth)
    {
        switch (type)
        {
            case True or False or Byte: return ReadByte(ref rest); // the first two in lists
            case Int16 or Int32 or Int64: return Unzigzag(ReadVarint(ref rest));
            case Double: return ReadBytes(ref rest, sizeof(double));
            case Binary: return ReadBytes(ref rest, ReadVarint(ref rest));
            case Struct: return ReadStruct(ref rest, depth);
            case List or Set:
                byte head = ReadByte(ref rest);
                ulong count = head >> 4 == 15 ? ReadVarint(ref rest) : (ulong)head >> 4;
                var list = new ThriftList((byte)(head & 0xF), []);
                for (ulong i = 0; i < count; i++) list.Items.Add(ReadValue(ref rest, list.Type, depth));
                return list;
            default: throw Damaged(); // maps, which Parquet doesn't have
        }
    }

    private static byte ReadByte(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) throw Damaged();
        byte read = rest[0];
        rest = rest[1..];
        return read;
    }

    private static byte[] ReadBytes(ref ReadOnlySpan<byte> rest, ulong count)
    {
        if (count > (ulong)rest.Length) throw Damaged();
        byte[] read = rest[..(int)count].ToArray();
        rest = rest[(int)count..];
        return read;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = ReadByte(ref rest);
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Damaged();
    }

    private static void WriteVarint(List<byte> bytes, ulong value)
    {
        for (; value > 0x7F; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    private static ulong Zigzag(long value) => (ulong)(value << 1 ^ value >> 63);

    private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static InvalidDataException Damaged() => new("It has an invalid footer or page header.");
}

/// <summary>A list of Thrift's compact protocol.</summary>
/// <param name="Type">Of each item.</param>
/// <param name="Items">As <see cref="ThriftStruct"/> has values.</param>
internal sealed record ThriftList(byte Type, List<object> Items);
