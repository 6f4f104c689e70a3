using System.Text;

namespace Swan.MLNet.Imaging;

/// <summary>A directory of a TIFF: entries whose values lie within the file and are read when they are asked for.</summary>
internal sealed class TiffDirectory
{
    /// <summary>As many as a directory of classic TIFF can have.</summary>
    public const int MaxEntries = ushort.MaxValue;

    private readonly TiffSource _source;
    private readonly bool _keepsAll;
    private readonly Dictionary<int, TiffEntry> _entries = [];
    private byte[] _buffer = [];

    private TiffDirectory(TiffSource source, TiffByteOrder order, long offset, string name, bool keepsAll) =>
        (_source, Order, Offset, Name, _keepsAll) = (source, order, offset, name, keepsAll);

    public string Name { get; }

    public TiffByteOrder Order { get; }

    /// <summary>Where it lies in the file.</summary>
    public long Offset { get; }

    /// <summary>Where the next directory lies; 0 after the last one.</summary>
    public long Next { get; private set; }

    /// <summary>Reads a file's first directory, with entries of all tags.</summary>
    /// <exception cref="SwanImageException">It, or the values of an entry, lie outside the file, or it contradicts itself.</exception>
    public static TiffDirectory Read(TiffSource source, TiffByteOrder order, long offset, string name)
    {
        int most = MaxEntries;
        var directory = new TiffDirectory(source, order, offset, name, keepsAll: true);
        directory.ReadEntries(offset, ref most);
        return directory;
    }

    /// <summary>Reads a further directory, with entries of the tags that are read here: many directories can share their bytes.</summary>
    /// <param name="source">The file.</param>
    /// <param name="order">The first directory's.</param>
    /// <param name="offset">Where it lies.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <param name="most">How many entries it may have; less those that it has afterwards.</param>
    /// <exception cref="SwanImageException">As for the first, or it has more entries than it may have.</exception>
    public static TiffDirectory ReadFurther(TiffSource source, TiffByteOrder order, long offset, string name, ref int most)
    {
        var directory = new TiffDirectory(source, order, offset, name, keepsAll: false);
        directory.ReadEntries(offset, ref most);
        return directory;
    }

    public static SwanImageException Outside(string name, string what) => new(name, ImageFault.Truncated,
        $"{what} would lie outside the file, so it is cut off or its structure is corrupt. Copy it again from its source.");

    public bool Has(int tag) => _entries.ContainsKey(tag);

    /// <summary>How many values a tag has.</summary>
    public long Count(int tag) => _entries.TryGetValue(tag, out TiffEntry entry) ? entry.Count : 0;

    /// <summary>The first value of a tag of unsigned whole numbers, or another where there is none.</summary>
    public long Number(int tag, long otherwise) => Numbers(tag, 0, 1) is [long number] ? number : otherwise;

    /// <summary>Values of a tag of unsigned whole numbers, from one of them on; fewer, or none, where it has fewer or others.</summary>
    public long[] Numbers(int tag, long first, int count)
    {
        if (!_entries.TryGetValue(tag, out TiffEntry entry) || !entry.IsUnsigned || first >= entry.Count) return [];
        int bytes = TiffEntry.Bytes(entry.Type);
        var numbers = new long[Math.Min(count, entry.Count - first)];
        ReadOnlySpan<byte> values = _source.Read(entry.Offset + first * bytes, checked(numbers.Length * bytes), ref _buffer);
        // What has no place in a signed number has none in a file either.
        for (int i = 0; i < numbers.Length; i++) numbers[i] = (long)Math.Min(Order.Number(values[(i * bytes)..], bytes), long.MaxValue);
        return numbers;
    }

    /// <summary>Up to so many values of a tag of numbers of any type; none where it has none.</summary>
    public double[] Doubles(int tag, int most)
    {
        if (!_entries.TryGetValue(tag, out TiffEntry entry) || entry.Type == TiffEntry.Ascii) return [];
        int bytes = TiffEntry.Bytes(entry.Type);
        var numbers = new double[Math.Min(most, entry.Count)];
        ReadOnlySpan<byte> values = _source.Read(entry.Offset, checked(numbers.Length * bytes), ref _buffer);
        for (int i = 0; i < numbers.Length; i++) numbers[i] = Double(values[(i * bytes)..], entry.Type);
        return numbers;
    }

    /// <summary>Up to so many bytes of a tag; none where it has none.</summary>
    public byte[] Bytes(int tag, int most)
    {
        if (!_entries.TryGetValue(tag, out TiffEntry entry)) return [];
        return _source.Read(entry.Offset, (int)Math.Min(most, entry.Count * TiffEntry.Bytes(entry.Type)), ref _buffer).ToArray();
    }

    /// <summary>The text of a tag up to its first zero; null where it has none.</summary>
    public string? Text(int tag, int most) => _entries.TryGetValue(tag, out TiffEntry entry) && entry.Type == TiffEntry.Ascii
        ? Encoding.UTF8.GetString(Bytes(tag, most)).Split('\0')[0]
        : null;

    /// <summary>A number that a tag has as text; null where it has none.</summary>
    public double? NumberInText(int tag) => Text(tag, 256) is { } text ? TiffNumber.In(text) : null;

    private double Double(ReadOnlySpan<byte> from, int type)
    {
        int bytes = TiffEntry.Bytes(type);
        ulong bits = Order.Number(from, type is TiffEntry.Rational or TiffEntry.SRational ? 4 : bytes);
        return type switch
        {
            TiffEntry.SByte => (sbyte)bits,
            TiffEntry.SShort => (short)bits,
            TiffEntry.SLong => (int)bits,
            TiffEntry.SLong8 => (long)bits,
            TiffEntry.Float => BitConverter.UInt32BitsToSingle((uint)bits),
            TiffEntry.Double => BitConverter.UInt64BitsToDouble(bits),
            TiffEntry.Rational => bits / (double)Order.Number(from[4..], 4),
            TiffEntry.SRational => (int)bits / (double)(int)Order.Number(from[4..], 4),
            _ => bits,
        };
    }

    private void ReadEntries(long offset, ref int most)
    {
        int head = Order.EntryCountBytes;
        if (offset < 8 || offset > _source.Length - head) throw Outside(Name, "its directory");
        ulong count = Order.Number(_source.Read(offset, head, ref _buffer), head);
        if (count == 0) throw SwanImageException.Corrupt(Name, "its directory has no entries");
        if (count > (ulong)(_source.Length - offset - head) / (uint)Order.EntryBytes) throw Outside(Name, "its directory");
        if (count > (ulong)most) throw SwanImageException.Corrupt(Name, $"its directory has {count} entries, more than {most}");
        most -= (int)count;
        int bytes = (int)count * Order.EntryBytes;
        ReadOnlySpan<byte> entries = _source.Read(offset + head, bytes, ref _buffer);
        for (int i = 0; i < (int)count; i++)
        {
            int at = i * Order.EntryBytes;
            Take(entries.Slice(at, Order.EntryBytes), offset + head + at);
        }

        // A file that ends here has no further directory, whatever its last bytes should have been.
        long end = offset + head + bytes;
        if (end <= _source.Length - Order.OffsetBytes)
            Next = (long)Order.Number(_source.Read(end, Order.OffsetBytes, ref _buffer), Order.OffsetBytes);
    }

    private void Take(ReadOnlySpan<byte> entry, long entryOffset)
    {
        int tag = (int)Order.Number(entry, 2), type = (int)Order.Number(entry[2..], 2), valueBytes = TiffEntry.Bytes(type);
        if (valueBytes == 0)
            throw SwanImageException.Corrupt(Name, $"the entry {tag} of its directory has the type {type}, which TIFF doesn't define");
        ulong values = Order.Number(entry[4..], Order.OffsetBytes);
        if (values > (ulong)_source.Length) throw Outside(Name, $"the values of tag {tag}");
        ulong size = values * (uint)valueBytes;
        long at = entryOffset + 4 + Order.OffsetBytes;
        if (size > (ulong)Order.OffsetBytes)
        {
            ulong far = Order.Number(entry[(4 + Order.OffsetBytes)..], Order.OffsetBytes);
            if (far > (ulong)_source.Length || size > (ulong)_source.Length - far) throw Outside(Name, $"the values of tag {tag}");
            at = (long)far;
        }

        if (TiffTags.IsSide(tag) && (values != 1 || type is not (TiffEntry.Short or TiffEntry.Long or TiffEntry.Long8)))
        {
            throw SwanImageException.Corrupt(Name,
                $"the entry {tag} of its directory has {values} values of type {type}; expected one whole number");
        }
        if (!_keepsAll && !TiffTags.IsRead(tag)) return;
        // Which of two entries other programs believe is their own affair; for what decides the layout there must be one.
        if (!_entries.TryAdd(tag, new(type, (long)values, at)) && (TiffTags.IsSide(tag) || TiffTags.IsChunkList(tag)))
            throw SwanImageException.Corrupt(Name, $"its directory has the entry {tag} twice");
    }
}
