namespace Swan.MLNet.Imaging;

/// <summary>A color outside a palette.</summary>
/// <remarks>
/// Pixels may have more indices than the palette has colors. Decoders then use the last color, black, or the memory behind the palette.
/// Filling the palette up with this color reveals such an index in the decoded picture.
/// </remarks>
internal readonly struct PaletteSentinel
{
    private readonly byte _red, _green, _blue;

    private PaletteSentinel(int color) => (_red, _green, _blue) = ((byte)(color >> 16), (byte)(color >> 8), (byte)color);

    /// <summary>Fills a palette up.</summary>
    /// <param name="palette">RGB.</param>
    /// <param name="colors">As many as there are indices.</param>
    /// <param name="filled">RGB of so many colors; the palette itself where it has them.</param>
    /// <returns>The color that fills it; null where it is full.</returns>
    public static PaletteSentinel? Fill(ReadOnlySpan<byte> palette, int colors, out byte[] filled)
    {
        filled = palette.ToArray();
        if (palette.Length >= 3 * colors) return null;
        PaletteSentinel sentinel = Choose(palette);
        filled = new byte[3 * colors];
        palette.CopyTo(filled);
        for (int at = palette.Length; at < filled.Length; at += 3) (filled[at], filled[at + 1], filled[at + 2]) = sentinel.Color;
        return sentinel;
    }

    /// <summary>Refuses a picture that shows the color.</summary>
    /// <exception cref="SwanImageException">A pixel has an index past the palette.</exception>
    public void ThrowIfSeen(RgbImage image, string name)
    {
        ReadOnlySpan<byte> pixels = image.Rgb;
        for (int at = pixels.IndexOf(_red); at >= 0; at = Next(pixels, at))
        {
            if (at % 3 == 0 && (pixels[at], pixels[at + 1], pixels[at + 2]) == Color)
            {
                throw SwanImageException.Corrupt(name,
                    $"its pixel ({at / 3 % image.Width}, {at / 3 / image.Width}) has an index past the end of its palette");
            }
        }
    }

    private (byte, byte, byte) Color => (_red, _green, _blue);

    private int Next(ReadOnlySpan<byte> pixels, int at)
    {
        int more = pixels[(at + 1)..].IndexOf(_red);
        return more < 0 ? -1 : at + 1 + more;
    }

    // Of a value that no color has, if there is one: a picture without it is passed over at once. Not black, which is where there is no
    // pixel.
    private static PaletteSentinel Choose(ReadOnlySpan<byte> palette)
    {
        for (int value = 1; value < 256; value++)
        {
            if (!palette.Contains((byte)value)) return new(value << 16 | value << 8 | value);
        }
        var colors = new HashSet<int>();
        for (int at = 0; at + 2 < palette.Length; at += 3) colors.Add(palette[at] << 16 | palette[at + 1] << 8 | palette[at + 2]);
        int color = 1;
        while (colors.Contains(color)) color++;
        return new(color);
    }
}
