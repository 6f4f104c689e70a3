using System.Buffers.Binary;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>A TIFF made entry by entry: what is right, and what no library would write.</summary>
/// <param name="little">Lowest byte first.</param>
/// <param name="big">BigTIFF.</param>
internal sealed class MadeTiff(bool little = true, bool big = false)
{
    private const int Byte = 1, Ascii = 2, Short = 3, Long = 4, Double = 12, Long8 = 16;

    private readonly MemoryStream _data = new() { Position = 16 };
    private readonly List<List<(int Tag, int Type, long Count, byte[] Values)>> _directories = [[]];

    /// <summary>Where the next data or directory goes.</summary>
    public long Position => _data.Position;

    /// <summary>An image of 8-bit gray samples in one strip.</summary>
    public static MadeTiff Gray(int width, int height, byte[]? samples = null, bool little = true, bool big = false)
    {
        var tiff = new MadeTiff(little, big);
        return tiff.Sides(width, height).Strip(tiff.Append(samples ?? new byte[width * height]), samples?.Length ?? width * height);
    }

    /// <summary>Columns, rows, 8 bits, one strip.</summary>
    public MadeTiff Sides(int width, int height) => Numbers(256, width).Numbers(257, height).Numbers(258, 8).Numbers(278, height);

    /// <summary>Where the strip lies.</summary>
    public MadeTiff Strip(long offset, long size) => Offsets(273, offset).Offsets(279, size);

    /// <summary>Puts bytes into the file.</summary>
    /// <returns>Where they lie.</returns>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        long at = _data.Position;
        _data.Write(bytes);
        return at;
    }

    /// <summary>Shorts where they suffice, else longs.</summary>
    public MadeTiff Numbers(int tag, params long[] values) => values.All(v => v <= ushort.MaxValue)
        ? Entry(tag, Short, values.Length, [.. values.SelectMany(v => Bytes(v, 2))])
        : Entry(tag, Long, values.Length, [.. values.SelectMany(v => Bytes(v, 4))]);

    /// <summary>Numbers as wide as this file's offsets.</summary>
    public MadeTiff Offsets(int tag, params long[] values) =>
        Entry(tag, big ? Long8 : Long, values.Length, [.. values.SelectMany(v => Bytes(v, big ? 8 : 4))]);

    public MadeTiff Doubles(int tag, params double[] values) =>
        Entry(tag, Double, values.Length, [.. values.SelectMany(v => Bytes(BitConverter.DoubleToInt64Bits(v), 8))]);

    public MadeTiff Text(int tag, string text) => Entry(tag, Ascii, text.Length + 1, [.. System.Text.Encoding.ASCII.GetBytes(text), 0]);

    public MadeTiff Blob(int tag, byte[] bytes) => Entry(tag, Byte, bytes.Length, bytes);

    /// <summary>An entry as it is given; one of the same tag goes.</summary>
    public MadeTiff Entry(int tag, int type, long count, byte[] values)
    {
        _directories[^1].RemoveAll(e => e.Tag == tag);
        _directories[^1].Add((tag, type, count, values));
        return this;
    }

    /// <summary>Begins the next directory.</summary>
    public MadeTiff Next()
    {
        _directories.Add([]);
        return this;
    }

    /// <summary>The file.</summary>
    /// <param name="last">What follows the last directory: the number of a directory, to make a loop, or none.</param>
    public byte[] ToArray(int last = -1)
    {
        var starts = new List<long>();
        long link = big ? 8 : 4;
        foreach (var directory in _directories)
        {
            long[] places = [.. directory.Select(e => e.Values.Length > (big ? 8 : 4) ? Append(e.Values) : 0)];
            if (_data.Position % 2 == 1) _data.WriteByte(0);
            long start = _data.Position;
            starts.Add(start);
            Write(link, start, big ? 8 : 4);
            _data.Position = start;
            _data.Write(Bytes(directory.Count, big ? 8 : 2));
            foreach (var ((tag, type, count, values), place) in directory.Zip(places).OrderBy(e => e.First.Tag))
            {
                _data.Write(Bytes(tag, 2));
                _data.Write(Bytes(type, 2));
                _data.Write(Bytes(count, big ? 8 : 4));
                _data.Write(place > 0 ? Bytes(place, big ? 8 : 4) : [.. values, .. new byte[(big ? 8 : 4) - values.Length]]);
            }
            link = _data.Position;
            _data.Write(Bytes(0, big ? 8 : 4));
        }

        long length = _data.Position;
        if (last >= 0) Write(link, starts[last], big ? 8 : 4);
        byte[] file = _data.GetBuffer()[..(int)length];
        byte[] head = big ? [.. Bytes(43, 2), .. Bytes(8, 2), .. Bytes(0, 2)] : Bytes(42, 2);
        (little ? "II"u8 : "MM"u8).CopyTo(file);
        head.CopyTo(file, 2);
        return file;
    }

    private void Write(long at, long value, int bytes)
    {
        _data.Position = at;
        _data.Write(Bytes(value, bytes));
    }

    private byte[] Bytes(long value, int count)
    {
        var bytes = new byte[8];
        if (little) BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        else BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return little ? bytes[..count] : bytes[^count..];
    }
}
