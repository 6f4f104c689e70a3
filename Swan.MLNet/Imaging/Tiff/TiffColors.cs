using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Maps a TIFF's 8-bit samples to RGB.</summary>
internal static class TiffColors
{
    /// <param name="name">The file's name in error messages.</param>
    /// <param name="values">The result of <see cref="TiffSamples.Read"/>; returned itself if it is RGB already.</param>
    /// <param name="fields">What the samples mean.</param>
    public static byte[] ToRgb(string name, byte[] values, TiffFields fields)
    {
        int pixels = fields.Width * fields.Height;
        if (fields.Premultiplied) values = Unmultiply(values, fields.Colors, pixels);
        if (fields.Photometric == Photometric.RGB) return values;
        byte[] rgb = GC.AllocateUninitializedArray<byte>(checked(pixels * 3));
        switch (fields.Photometric)
        {
            case Photometric.PALETTE:
                Palette(name, values, rgb, fields);
                break;
            case Photometric.SEPARATED:
                for (int i = 0; i < pixels; i++)
                {
                    int key = 255 - values[i * 4 + 3];
                    for (int c = 0; c < 3; c++) rgb[i * 3 + c] = (byte)(((255 - values[i * 4 + c]) * key + 127) / 255);
                }

                break;
            default:
                bool inverted = fields.Photometric == Photometric.MINISWHITE;
                for (int i = 0; i < pixels; i++) rgb.AsSpan(i * 3, 3).Fill(inverted ? (byte)(255 - values[i]) : values[i]);
                break;
        }

        return rgb;
    }

    private static void Palette(string name, byte[] indices, byte[] rgb, TiffFields fields)
    {
        ushort[] map = fields.ColorMap ?? throw new SwanImageException(name, ImageFault.Corrupt,
            $"its header announces a palette, but the {1 << fields.Bits} colors can't be read.");
        for (int i = 0; i < indices.Length; i++)
        {
            for (int c = 0; c < 3; c++) rgb[i * 3 + c] = (byte)(map[(c << fields.Bits) + indices[i]] >> 8);
        }
    }

    // The alpha darkened the colors of a transparent pixel; the result is the color, as in any file whose alpha is dropped.
    private static byte[] Unmultiply(byte[] values, int colors, int pixels)
    {
        byte[] clear = GC.AllocateUninitializedArray<byte>(pixels * colors);
        for (int i = 0; i < pixels; i++)
        {
            int alpha = values[i * (colors + 1) + colors];
            for (int c = 0; c < colors; c++)
            {
                byte value = values[i * (colors + 1) + c];
                clear[i * colors + c] = alpha is 0 or 255 ? value : (byte)Math.Min(255 * value / alpha, 255);
            }
        }

        return clear;
    }
}
