using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>EXIF and TIFF orientation: where the upright image's pixels lie in the stored one. Values outside 1–8 mean 1.</summary>
internal readonly record struct ExifOrientation(int Value)
{
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;
    private const int RgbBytes = 3;

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
        RgbImage upright = Create(width, height);
        Place(stored, pixelBytes, 0, width, height, upright.Rgb);
        return upright;
    }

    /// <summary>Makes the upright image for a stored one of this size; its pixels are arbitrary.</summary>
    public RgbImage Create(int width, int height)
    {
        RgbImage image = SwapsSides ? RgbImage.Create(height, width) : RgbImage.Create(width, height);
        image.Orientation = IsUpright ? 1 : Value;
        return image;
    }

    /// <summary>Copies whole rows of a stored image to where they lie in the upright one.</summary>
    /// <param name="stored">Row-major pixels whose first three bytes are red, green and blue.</param>
    /// <param name="pixelBytes">Bytes of a stored pixel: 3 or 4; the fourth is dropped.</param>
    /// <param name="firstRow">The first of these rows in the stored image.</param>
    /// <param name="width">The stored image's columns.</param>
    /// <param name="height">The stored image's rows.</param>
    /// <param name="upright">All of the upright image's RGB.</param>
    public void Place(ReadOnlySpan<byte> stored, int pixelBytes, int firstRow, int width, int height, Span<byte> upright)
    {
        int rows = stored.Length / (width * pixelBytes);
        if (IsUpright)
        {
            Span<byte> target = upright.Slice(firstRow * width * RgbBytes, rows * width * RgbBytes);
            if (pixelBytes == RgbBytes) stored.CopyTo(target);
            else PixelPacking.ToRgb(stored, target, red: 0);
            return;
        }
        // Every orientation is a walk with one step per column and one per row. The forward map is the inverse of the backward map.
        ExifOrientation inverse = Value switch { 6 => new(8), 8 => new(6), _ => this };
        (int upWidth, int upHeight) = SwapsSides ? (height, width) : (width, height);
        (int x0, int y0) = inverse.Source(0, 0, upWidth, upHeight);
        (int x1, int y1) = inverse.Source(1, 0, upWidth, upHeight);
        int step = ((y1 - y0) * upWidth + x1 - x0) * RgbBytes;
        for (int row = 0, from = 0; row < rows; row++)
        {
            (int x, int y) = inverse.Source(0, firstRow + row, upWidth, upHeight);
            int to = (y * upWidth + x) * RgbBytes;
            for (int column = 0; column < width; column++, from += pixelBytes, to += step)
            {
                upright[to] = stored[from];
                upright[to + 1] = stored[from + 1];
                upright[to + 2] = stored[from + 2];
            }
        }
    }

    /// <summary>
    /// Reads the orientation from an EXIF block (a TIFF structure); null if it has none or is unreadable, since EXIF is not part of the
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
