using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>The entries of a TIFF's directory that is written, in this machine's byte order.</summary>
/// <param name="big">BigTIFF: offsets and counts of 8 bytes.</param>
internal sealed class TiffEntries(bool big)
{
    private readonly SortedDictionary<int, (int Type, long Count, byte[] Values)> _entries = [];

    /// <summary>Offsets and counts of 8 bytes.</summary>
    public bool IsBig => big;

    /// <summary>Where a file's header says where the first directory lies.</summary>
    public long HeaderLink => big ? 8 : 4;

    private int OffsetBytes => big ? 8 : 4;

    public void Shorts(int tag, ReadOnlySpan<ushort> values) => Add(tag, TiffEntry.Short, values);

    public void Short(int tag, int value) => Shorts(tag, [checked((ushort)value)]);

    public void Long(int tag, int value) => Add<uint>(tag, TiffEntry.Long, [checked((uint)value)]);

    public void Doubles(int tag, ReadOnlySpan<double> values) => Add(tag, TiffEntry.Double, values);

    /// <summary>Offsets or lengths within the file.</summary>
    public void Offsets(int tag, ReadOnlySpan<long> values)
    {
        if (big)
        {
            Add(tag, TiffEntry.Long8, values);
            return;
        }

        var narrow = new uint[values.Length];
        for (int i = 0; i < narrow.Length; i++) narrow[i] = checked((uint)values[i]);
        Add<uint>(tag, TiffEntry.Long, narrow);
    }

    public void Ascii(int tag, string text, Encoding encoding) =>
        Add<byte>(tag, TiffEntry.Ascii, [.. encoding.GetBytes(text.Replace('\0', ' ')), 0]);

    /// <summary>Writes a file's first bytes, with a place for where the directory lies.</summary>
    public void WriteHeader(Stream stream)
    {
        stream.Write(BitConverter.IsLittleEndian ? "II"u8 : "MM"u8);
        Number(stream, big ? 43 : 42, 2);
        if (big)
        {
            Number(stream, OffsetBytes, 2);
            Number(stream, 0, 2);
        }

        Number(stream, 0, OffsetBytes);
    }

    /// <summary>Appends the directory, and links it from the header or the directory before it.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="link">The place of the link.</param>
    /// <returns>The place for a link to the next directory.</returns>
    public long WriteTo(Stream stream, long link)
    {
        var far = new Dictionary<int, long>();
        foreach ((int tag, (_, _, byte[] values)) in _entries)
        {
            if (values.Length <= OffsetBytes) continue;
            far.Add(tag, Align(stream));
            stream.Write(values);
        }

        long directory = Align(stream);
        Number(stream, _entries.Count, big ? 8 : 2);
        Span<byte> inline = stackalloc byte[OffsetBytes];
        foreach ((int tag, (int type, long count, byte[] values)) in _entries)
        {
            Number(stream, tag, 2);
            Number(stream, type, 2);
            Number(stream, count, OffsetBytes);
            if (far.TryGetValue(tag, out long at))
            {
                Number(stream, at, OffsetBytes);
                continue;
            }

            inline.Clear();
            values.CopyTo(inline);
            stream.Write(inline);
        }

        long next = stream.Position;
        Number(stream, 0, OffsetBytes);
        stream.Position = link;
        Number(stream, directory, OffsetBytes);
        stream.Position = stream.Length;
        return next;
    }

    private void Add<T>(int tag, int type, ReadOnlySpan<T> values)
        where T : unmanaged => _entries.Add(tag, (type, values.Length, MemoryMarshal.AsBytes(values).ToArray()));

    // Values begin at multiples of their size.
    private static long Align(Stream stream)
    {
        while (stream.Position % 8 != 0) stream.WriteByte(0);
        return stream.Position;
    }

    private static void Number(Stream stream, long value, int bytes)
    {
        switch (bytes)
        {
            case 2: Write(stream, checked((ushort)value)); break;
            case 4: Write(stream, checked((uint)value)); break;
            default: Write(stream, value); break;
        }
    }

    private static void Write<T>(Stream stream, T value)
        where T : unmanaged
    {
        Span<byte> bytes = stackalloc byte[Unsafe.SizeOf<T>()];
        MemoryMarshal.Write(bytes, value);
        stream.Write(bytes);
    }
}
