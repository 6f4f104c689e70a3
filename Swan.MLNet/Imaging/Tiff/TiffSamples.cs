using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>
/// A TIFF's samples as 8 bits. 16-bit samples are scaled from the range that the file says. Of other deep ones the high 8 bits are kept;
/// shallower ones are stretched, except for palette indices.
/// </summary>
internal static class TiffSamples
{
    /// <returns>
    /// <c>values[(y * width + x) * n + s]</c>, where n counts the colors and, where they have been multiplied by an alpha, that alpha.
    /// </returns>
    public static byte[] Read(TiffImage image, string name)
    {
        TiffFields fields = image.Fields;
        int kept = fields.Colors + (fields.Premultiplied ? 1 : 0);
        var whole = new PixelWindow(0, 0, fields.Width, fields.Height);
        int[] bands = [.. Enumerable.Range(0, kept)];
        if (fields.Bits == 8) return image.Read(whole, bands).Samples;
        (int Low, int High)? range = fields.Bits == 16 ? Range(fields) : null;
        byte[]? values = null;
        var deep = new ushort[fields.Width];
        image.Read(whole, bands, (x, y, band, row) =>
        {
            // Only once something could be decoded: a small file that claims many pixels is found out before memory is taken for them.
            values ??= GC.AllocateUninitializedArray<byte>(checked(fields.Width * fields.Height * kept));
            Span<byte> target = values.AsSpan((y * fields.Width + x) * kept + band);
            Span<ushort> samples = deep.AsSpan(0, row.Count);
            row.CopyTo(samples);
            (int Low, int High)? scale = band < fields.Colors ? range : null;
            for (int i = 0; i < samples.Length; i++) target[i * kept] = Byte(samples[i], fields, scale);
        });

        // Ink is dark where its samples are high.
        if (fields is { Bits: 16, Photometric: not Photometric.SEPARATED } && range is null)
            DarkSamples.ThrowIfDark(values, fields.Colors, kept, name);
        return values!;
    }

    private static byte Byte(ushort sample, TiffFields fields, (int Low, int High)? range)
    {
        int bits = fields.Bits;
        // The whole range is what a file without one has: the high byte.
        if (bits > 8 && (range is null || range == (0, ushort.MaxValue))) return (byte)(sample >> (bits - 8));
        if (range is (int low, int high))
        {
            int above = Math.Clamp(sample, low, high) - low, span = high - low;
            return (byte)((above * 255L + span / 2) / span);
        }
        return fields.Photometric == Photometric.PALETTE ? (byte)sample : (byte)(sample * 255 / ((1 << bits) - 1));
    }

    private static (int Low, int High)? Range(TiffFields fields)
    {
        if (fields.SampleRange is not (double least, double most)) return null;
        (double low, double high) = (Math.Round(least), Math.Round(most));
        return low >= 0 && high > low && high <= ushort.MaxValue ? ((int)low, (int)high) : null;
    }
}
