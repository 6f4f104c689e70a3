using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Swan.Testing;

/// <summary>An uncompressed little-endian TIFF of any sample type, with the tags that programs for satellite images write.</summary>
/// <param name="width">Columns.</param>
/// <param name="height">Rows.</param>
/// <param name="bands">Samples of a pixel.</param>
/// <param name="bits">Bits of a sample; samples that don't fill bytes are packed.</param>
/// <param name="sample">The sample at (x, y, band).</param>
internal sealed class WrittenTiff(int width, int height, int bands, int bits, Func<int, int, int, double> sample)
{
    private const int Ascii = 2, Short = 3, Long = 4, Double = 12;

    /// <summary>1 unsigned, 2 signed, 3 float.</summary>
    public int Format { get; init; } = 1;

    /// <summary>0 white is zero, 1 black is zero, 2 RGB.</summary>
    public int Photometric { get; init; } = bands >= 3 ? 2 : 1;

    /// <summary>What the bands after the colors are: 0 unspecified, 1 associated alpha, 2 alpha.</summary>
    public int[]? ExtraSamples { get; init; }

    public int Orientation { get; init; } = 1;

    /// <summary>SMinSampleValue and SMaxSampleValue.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>SMaxSampleValue of each band; 0 is their SMinSampleValue.</summary>
    public double[]? Highs { get; init; }

    /// <summary>Says LZW, and has other bytes.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>GDAL_NODATA.</summary>
    public string? NoData { get; init; }

    /// <summary>The colors of bands by number from 0, as GDAL marks them.</summary>
    public IReadOnlyDictionary<int, string>? Colors { get; init; }

    /// <summary>Pages after the first: overviews and masks.</summary>
    public IReadOnlyList<WrittenTiff> Pages { get; init; } = [];

    /// <summary>1 for an overview, 4 for a mask.</summary>
    public int Kind { get; init; }

    /// <summary>The file.</summary>
    public byte[] Write()
    {
        using var file = new MemoryStream();
        file.Write([.. "II*\0"u8, 0, 0, 0, 0]);
        int link = 4;
        foreach (WrittenTiff page in (WrittenTiff[])[this, .. Pages]) link = page.WriteTo(file, link);
        return file.ToArray();
    }

    private int WriteTo(MemoryStream file, int link)
    {
        byte[] pixels = Pixels();
        int data = Append(file, pixels), extra = bands - (Photometric == 2 ? 3 : 1);
        var entries = new SortedDictionary<int, (int Type, int Count, byte[] Value)>
        {
            [254] = Longs(Kind),
            [256] = Longs(width),
            [257] = Longs(height),
            [258] = Shorts([.. Enumerable.Repeat(bits, bands)]),
            [259] = Shorts(IsDamaged ? 5 : 1),
            [262] = Shorts(Photometric),
            [273] = Longs(data),
            [274] = Shorts(Orientation),
            [277] = Shorts(bands),
            [278] = Longs(height),
            [279] = Longs(pixels.Length),
            [284] = Shorts(1),
            [339] = Shorts([.. Enumerable.Repeat(Format, bands)]),
        };
        if (extra > 0) entries[338] = Shorts(ExtraSamples ?? new int[extra]);
        if (Range is (double low, double high)) (entries[340], entries[341]) = (Doubles(low), Doubles(high));
        if (Highs is not null) (entries[340], entries[341]) = (Doubles(new double[Highs.Length]), Doubles(Highs));
        if (Colors is not null) entries[42112] = Text($"<GDALMetadata>\n{string.Concat(Colors.Select(Item))}</GDALMetadata>\n");
        if (NoData is not null) entries[42113] = Text(NoData);
        return WriteDirectory(file, entries, link);

        static string Item(KeyValuePair<int, string> color) => string.Create(CultureInfo.InvariantCulture,
            $"  <Item name=\"COLORINTERP\" sample=\"{color.Key}\" role=\"colorinterp\">{color.Value}</Item>\n");
    }

    private static int WriteDirectory(MemoryStream file, SortedDictionary<int, (int Type, int Count, byte[] Value)> entries, int link)
    {
        var directory = new byte[2 + entries.Count * 12 + 4];
        BinaryPrimitives.WriteUInt16LittleEndian(directory, (ushort)entries.Count);
        int at = 2;
        foreach ((int tag, (int type, int count, byte[] value)) in entries)
        {
            Span<byte> entry = directory.AsSpan(at, 12);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)type);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], count);
            if (value.Length <= 4) value.CopyTo(entry[8..]);
            else BinaryPrimitives.WriteInt32LittleEndian(entry[8..], Append(file, value));
            at += 12;
        }
        int start = Append(file, directory);
        BinaryPrimitives.WriteInt32LittleEndian(file.GetBuffer().AsSpan(link), start);
        return start + directory.Length - 4;
    }

    // At an even offset, as TIFF wants.
    private static int Append(MemoryStream file, byte[] bytes)
    {
        if (file.Length % 2 == 1) file.WriteByte(0);
        int at = (int)file.Length;
        file.Write(bytes);
        return at;
    }

    private byte[] Pixels()
    {
        int stride = (width * bands * bits + 7) / 8;
        var pixels = new byte[stride * height];
        for (int y = 0; y < height; y++)
        {
            for (int i = 0; i < width * bands; i++) Put(pixels.AsSpan(y * stride, stride), i, sample(i / bands, y, i % bands));
        }
        return pixels;
    }

    private void Put(Span<byte> row, int index, double value)
    {
        Span<byte> to = row[(index * bits / 8)..];
        switch (Format, bits)
        {
            case (3, 16): BinaryPrimitives.WriteHalfLittleEndian(to, (Half)value); break;
            case (3, 32): BinaryPrimitives.WriteSingleLittleEndian(to, (float)value); break;
            case (3, 64): BinaryPrimitives.WriteDoubleLittleEndian(to, value); break;
            case (_, 8): to[0] = unchecked((byte)(long)value); break;
            case (_, 16): BinaryPrimitives.WriteUInt16LittleEndian(to, unchecked((ushort)(long)value)); break;
            case (_, 32): BinaryPrimitives.WriteUInt32LittleEndian(to, unchecked((uint)(long)value)); break;
            default:
                for (int b = 0; b < bits; b++)
                {
                    int bit = index * bits + b;
                    if (((long)value >> (bits - 1 - b) & 1) != 0) row[bit / 8] |= (byte)(0x80 >> bit % 8);
                }
                break;
        }
    }

    private static (int, int, byte[]) Longs(int value) => (Long, 1, BitConverter.GetBytes(value));

    private static (int, int, byte[]) Shorts(params int[] values) =>
        (Short, values.Length, [.. values.SelectMany(v => BitConverter.GetBytes((ushort)v))]);

    private static (int, int, byte[]) Doubles(params double[] values) =>
        (Double, values.Length, [.. values.SelectMany(BitConverter.GetBytes)]);

    private static (int, int, byte[]) Text(string text)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), 0];
        return (Ascii, bytes.Length, bytes);
    }
}
