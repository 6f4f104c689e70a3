namespace Swan.MLNet.Imaging;

/// <summary>Refuses a BMP of palette colors whose pixels are not all there, or have an index past the palette.</summary>
internal static class BmpPixels
{
    /// <param name="rows">The rows, uncompressed.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="bits">Of a pixel: 1, 2, 4 or 8.</param>
    /// <param name="colors">Of the palette.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <exception cref="SwanImageException">An index is past the palette.</exception>
    public static void ThrowIfPastPalette(ReadOnlySpan<byte> rows, int width, int bits, int colors, string name)
    {
        if (colors >= 1 << bits) return;
        int stride = (width * bits + 31) / 32 * 4;
        for (int row = 0; (row + 1) * (long)stride <= rows.Length; row++)
        {
            ReadOnlySpan<byte> line = rows.Slice(row * stride, (width * bits + 7) / 8);
            if (bits == 8)
            {
                if (line.ContainsAnyInRange((byte)colors, byte.MaxValue)) throw PastPalette(name);
                continue;
            }
            for (int x = 0; x < width; x++)
            {
                int at = x * bits, index = line[at / 8] >> (8 - bits - at % 8) & ((1 << bits) - 1);
                if (index >= colors) throw PastPalette(name);
            }
        }
    }

    /// <summary>Walks run-length codes.</summary>
    /// <param name="codes">The codes, to the file's end.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bits">Of a pixel: 4 or 8.</param>
    /// <param name="colors">Of the palette.</param>
    /// <param name="name">The file's name in error messages.</param>
    /// <exception cref="SwanImageException">Rows are missing, or an index is past the palette.</exception>
    public static void ThrowIfRunsAreDamaged(ReadOnlySpan<byte> codes, int width, long height, int bits, int colors, string name)
    {
        long x = 0, y = 0;
        for (int at = 0; at + 2 <= codes.Length;)
        {
            (byte count, byte value) = (codes[at], codes[at + 1]);
            at += 2;
            if (count > 0)
            {
                if (Highest(value, bits, count) >= colors && y < height && x < width) throw PastPalette(name);
                x += count;
                continue;
            }
            switch (value)
            {
                case 0: // the row ends
                    (x, y) = (0, y + 1);
                    break;
                case 1: // the picture ends
                    ThrowIfRowsAreMissing();
                    return;
                case 2: // a step to the right and down
                    if (at + 2 > codes.Length) throw SwanImageException.Truncated(name);
                    (x, y) = (x + codes[at], y + codes[at + 1]);
                    at += 2;
                    break;
                default: // as many pixels as they are
                    int bytes = (value * bits + 7) / 8;
                    if (at + bytes > codes.Length) throw SwanImageException.Truncated(name);
                    for (int i = 0; i < value && x + i < width && y < height; i++)
                    {
                        byte two = codes[at + i * bits / 8];
                        if ((bits == 8 ? two : i % 2 == 0 ? two >> 4 : two & 15) >= colors) throw PastPalette(name);
                    }
                    x += value;
                    at += bytes + bytes % 2;
                    break;
            }
        }
        ThrowIfRowsAreMissing();

        // The last row needs neither its own end nor all its pixels.
        void ThrowIfRowsAreMissing()
        {
            if (y < height - 1 || (y == height - 1 && x == 0)) throw SwanImageException.Truncated(name);
        }
    }

    private static int Highest(byte value, int bits, int count) =>
        bits == 8 ? value : count == 1 ? value >> 4 : Math.Max(value >> 4, value & 15);

    private static SwanImageException PastPalette(string name) =>
        SwanImageException.Corrupt(name, "a pixel has an index past the end of its palette");
}
