using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>EXIF and TIFF orientation: where the upright image's pixels lie in the stored one. Values outside 1–8 mean 1.</summary>
internal readonly record struct ExifOrientation(int Value)
{
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;

    /// <summary>Whether the upright image is as wide as the stored one is high.</summary>
    public bool SwapsSides => Value is >= 5 and <= 8;

    /// <summary>Whether the stored image is upright already.</summary>
    public bool IsUpright => Value is < 2 or > 8;

    /// <summary>The stored pixel that belongs at (x, y) of the upright image; width and height are the stored image's.</summary>
    public (int X, int Y) Source(int x, int y, int width, int height) => Value switch
    {
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        8 => (width - 1 - y, x),
        _ => (x, y),
    };

    /// <summary>Copies stored pixels to an upright RGB image.</summary>
    /// <param name="stored">Row-major pixels whose first three bytes are red, green and blue.</param>
    /// <param name="pixelBytes">Bytes of a stored pixel: 3 or 4; the fourth is dropped.</param>
    /// <param name="width">The stored image's columns.</param>
    /// <param name="height">The stored image's rows.</param>
    public RgbImage Upright(ReadOnlySpan<byte> stored, int pixelBytes, int width, int height)
    {
        (int upWidth, int upHeight) = SwapsSides ? (height, width) : (width, height);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(upWidth * upHeight * 3));
        if (IsUpright && pixelBytes == 4)
        {
            PixelPacking.ToRgb(stored, pixels, red: 0);
        }
        else
        {
            // Every orientation is a walk with one step per column and one per row.
            (int x0, int y0) = Source(0, 0, width, height);
            (int x1, int y1) = Source(1, 0, width, height);
            int step = ((y1 - y0) * width + (x1 - x0)) * pixelBytes;
            for (int y = 0, to = 0; y < upHeight; y++)
            {
                (int fromX, int fromY) = Source(0, y, width, height);
                int from = (fromY * width + fromX) * pixelBytes;
                for (int x = 0; x < upWidth; x++, from += step, to += 3)
                {
                    pixels[to] = stored[from];
                    pixels[to + 1] = stored[from + 1];
                    pixels[to + 2] = stored[from + 2];
                }
            }
        }

        return new RgbImage(upWidth, upHeight, pixels) { Orientation = IsUpright ? 1 : Value };
    }

    /// <summary>
    /// Reads the orientation out of an EXIF block (a TIFF structure); null where it has none or can't be read, as EXIF is no part of the
    /// picture.
    /// </summary>
    public static ExifOrientation? Read(ReadOnlySpan<byte> exif)
    {
        if (exif.Length < 8) return null;
        bool little = exif.StartsWith("II"u8);
        if (!little && !exif.StartsWith("MM"u8)) return null;
        uint directory = Long(exif[4..]);
        if (directory > exif.Length - 2) return null;
        ReadOnlySpan<byte> entries = exif[(int)directory..];
        int count = Short(entries);
        for (int i = 0; i < count && entries.Length >= 2 + (i + 1) * 12; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(2 + i * 12, 12);
            if (Short(entry) == OrientationTag && Short(entry[2..]) == ShortType) return new ExifOrientation(Short(entry[8..]));
        }

        return null;

        int Short(ReadOnlySpan<byte> from) =>
            little ? BinaryPrimitives.ReadUInt16LittleEndian(from) : BinaryPrimitives.ReadUInt16BigEndian(from);
        uint Long(ReadOnlySpan<byte> from) =>
            little ? BinaryPrimitives.ReadUInt32LittleEndian(from) : BinaryPrimitives.ReadUInt32BigEndian(from);
    }
}
