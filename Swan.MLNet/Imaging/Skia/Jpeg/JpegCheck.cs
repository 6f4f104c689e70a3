using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>Refuses a JPEG whose coded data are not whole.</summary>
/// <remarks>
/// libjpeg fills missing data with gray and skips surplus data; Skia hides its warnings. So this class walks the codes of Huffman-coded
/// files, sequential or progressive, without making pixels. It misses damage that leaves the same number of valid codes, files with
/// arithmetic coding, and files that leave their tables to the decoder.
/// </remarks>
internal static class JpegCheck
{
    private const byte Restart = 0xD0, Tables = 0xC4, Interval = 0xDD, Scan = 0xDA, End = 0xD9;
    private const int MaxStray = 2; // bytes: a line break

    /// <param name="file">What <see cref="JpegSegments"/> keeps.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <param name="options">Limits.</param>
    /// <exception cref="SwanImageException">Coded data are missing, or some are none.</exception>
    public static void ThrowIfDamaged(ReadOnlySpan<byte> file, string name, ImageDecodingOptions options)
    {
        var tables = new JpegHuffmanTable?[8]; // DC, then AC
        JpegComponent[]? components = null;
        (int Width, int Height) size = default;
        bool progressive = false;
        int interval = 0;
        for (int position = 2; position + 4 <= file.Length && file[position + 1] != End;)
        {
            byte marker = file[position + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[(position + 2)..]);
            if (length < 2 || length > file.Length - position - 2) return;
            ReadOnlySpan<byte> contents = file.Slice(position + 4, length - 2);
            position += 2 + length;
            switch (marker)
            {
                case Tables:
                    if (!ReadTables(contents, tables)) return; // libjpeg says what is wrong
                    break;
                case Interval:
                    if (contents.Length < 2) return;
                    interval = BinaryPrimitives.ReadUInt16BigEndian(contents);
                    break;
                case 0xC0 or 0xC1 or 0xC2:
                    if (components is not null) return;
                    progressive = marker == 0xC2;
                    components = JpegComponent.ReadAll(contents, out size);
                    if (components is null) return;
                    options.CheckPixels(name, size.Width, size.Height);
                    break;
                case > 0xC2 and <= 0xCF:
                    return; // arithmetic coding
                case Scan:
                    if (components is null || !TryWalk(file, ref position, contents, components, tables, progressive, interval, name))
                        return;
                    break;
            }
        }
        if (components is not null && components.Any(c => c.LowestBit.Any(bit => bit > 0))) throw SwanImageException.Truncated(name);
    }

    private static bool ReadTables(ReadOnlySpan<byte> contents, JpegHuffmanTable?[] tables)
    {
        while (!contents.IsEmpty)
        {
            (int isAc, int number) = (contents[0] >> 4, contents[0] & 15);
            if (isAc > 1 || number > 3 || JpegHuffmanTable.Read(contents[1..], out int bytes) is not { } table) return false;
            tables[4 * isAc + number] = table;
            contents = contents[(1 + bytes)..];
        }
        return true;
    }

    // False where the scan can't be walked, because it is not as the standard has it: whether that can be decoded is libjpeg's to say.
    private static bool TryWalk(ReadOnlySpan<byte> file, ref int position, ReadOnlySpan<byte> header, JpegComponent[] components,
        JpegHuffmanTable?[] tables, bool progressive, int interval, string name)
    {
        int count = header.IsEmpty ? 0 : header[0];
        if (count is 0 or > 4 || header.Length < 4 + 2 * count) return false;
        (int first, int last, int high, int low) = (header[1 + 2 * count], header[2 + 2 * count], header[3 + 2 * count] >> 4,
            header[3 + 2 * count] & 15);
        if (!progressive) (first, last, high, low) = (0, 63, 0, 0);
        if (last > 63 || first > last || low > 13 || (progressive && (first == 0) != (last == 0)) || (first > 0 && count > 1)) return false;
        bool usesDc = first == 0 && high == 0, usesAc = last > 0;
        var parts = new (JpegComponent Component, JpegHuffmanTable? Dc, JpegHuffmanTable? Ac)[count];
        for (int i = 0; i < count; i++)
        {
            (byte id, byte numbers) = (header[1 + 2 * i], header[2 + 2 * i]);
            if (Array.Find(components, c => c.Id == id) is not { } component || numbers >> 4 > 3 || (numbers & 15) > 3) return false;
            parts[i] = (component, tables[numbers >> 4], tables[4 + (numbers & 15)]);
            if ((usesDc && parts[i].Dc is null) || (usesAc && parts[i].Ac is null)) return false;
            for (int k = first; k <= last; k++)
            {
                if (high > 0 && component.LowestBit[k] != high) return false;
                component.LowestBit[k] = low;
            }
        }

        var scan = new JpegScan(new(file, position), progressive, first, last, high);
        bool alone = count == 1;
        JpegComponent one = parts[0].Component;
        int across = alone ? one.Columns : components.Max(c => (c.Columns + c.Across - 1) / c.Across);
        int down = alone ? one.Rows : components.Max(c => (c.Rows + c.Down - 1) / c.Down);
        long units = (long)across * down;
        ulong none = 0;
        if (progressive && first > 0) one.NonZero ??= new ulong[units];
        byte restart = 0;
        for (long unit = 0; unit < units; unit++)
        {
            if (interval > 0 && unit > 0 && unit % interval == 0)
            {
                if (scan.End(out int marker) > 0) throw Excess(name);
                while (marker + 2 < file.Length && file[marker + 1] == 0xFF) marker++; // fill bytes
                if (marker + 2 > file.Length || file[marker + 1] != Restart + restart)
                    throw SwanImageException.Corrupt(name, $"its coded data lack a restart marker after {unit} of {units} units");
                restart = (byte)((restart + 1) & 7);
                scan.Restart(new(file, marker + 2));
            }
            if (one.NonZero is not null && first > 0) scan.Pass(parts[0].Dc, parts[0].Ac, ref one.NonZero[unit]);
            else if (alone) scan.Pass(parts[0].Dc, parts[0].Ac, ref none);
            else
            {
                foreach ((JpegComponent component, JpegHuffmanTable? dc, JpegHuffmanTable? ac) in parts)
                {
                    for (int block = component.Across * component.Down; block > 0; block--) scan.Pass(dc, ac, ref none);
                }
            }
            if (scan.IsExhausted) throw SwanImageException.Truncated(name);
            if (scan.IsWrong) throw SwanImageException.Corrupt(name, $"its coded data are damaged at unit {unit} of {units}");
        }
        int excess = scan.End(out position);
        // Some writers put a last restart marker, or a line break, between the picture and the end: nothing is missing there.
        if (excess <= MaxStray && IsMarker(file, position, End)) return true;
        if (excess == 0 && IsRestart(file, position) && IsMarker(file, position + 2, End))
        {
            position += 2;
            return true;
        }
        if (excess > 0 || IsRestart(file, position)) throw Excess(name);
        return true;
    }

    private static bool IsMarker(ReadOnlySpan<byte> file, int at, byte marker) =>
        at + 1 < file.Length && file[at] == 0xFF && file[at + 1] == marker;

    private static bool IsRestart(ReadOnlySpan<byte> file, int at) =>
        at + 1 < file.Length && file[at] == 0xFF && file[at + 1] is >= Restart and < Restart + 8;

    private static SwanImageException Excess(string name) =>
        SwanImageException.Corrupt(name, "its coded data are damaged: they hold more than its picture needs");
}
