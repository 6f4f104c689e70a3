using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>
/// A TIFF's samples as 8 bits, where the picture's kind settles what they mean: palette indices as they are, other ones of up to 8 bits
/// stretched to 8, deeper ones by a map.
/// </summary>
internal static class TiffSamples
{
    /// <param name="image">Unsigned samples of up to 16 bits.</param>
    /// <param name="colors">The bands of its colors.</param>
    /// <param name="map">What samples of more than 8 bits become; null where they have fewer.</param>
    /// <returns>
    /// <c>values[(y * width + x) * n + s]</c>, where n counts the colors and, where they have been multiplied by an alpha, that alpha.
    /// </returns>
    public static byte[] Read(TiffImage image, int[] colors, SampleMap? map)
    {
        TiffFields fields = image.Fields;
        int[] bands = fields.Premultiplied ? [.. colors, fields.Colors] : colors;
        int kept = bands.Length;
        var whole = new PixelWindow(0, 0, fields.Width, fields.Height);
        if (fields.Bits == 8) return image.Read(whole, bands).Samples;
        byte[]? values = null;
        var deep = new ushort[fields.Width];
        image.Read(whole, bands, (x, y, band, row) =>
        {
            // Only once something could be decoded: a small file that claims many pixels is found out before memory is taken for them.
            values ??= GC.AllocateUninitializedArray<byte>(checked(fields.Width * fields.Height * kept));
            Span<byte> target = values.AsSpan((y * fields.Width + x) * kept + band);
            Span<ushort> samples = deep.AsSpan(0, row.Count);
            row.CopyTo(samples);
            for (int i = 0; i < samples.Length; i++) target[i * kept] = Byte(samples[i], fields, band < colors.Length ? map?.Table : null);
        });
        return values!;
    }

    // An alpha has the whole range of its type.
    private static byte Byte(ushort sample, TiffFields fields, byte[]? table) => table is not null ? table[sample]
        : fields.Bits > 8 ? (byte)(sample >> (fields.Bits - 8))
        : fields.Photometric == Photometric.PALETTE ? (byte)sample
        : (byte)(sample * 255 / ((1 << fields.Bits) - 1));
}
