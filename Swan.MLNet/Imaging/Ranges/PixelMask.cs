using System.Numerics;

namespace Swan.MLNet.Imaging;

/// <summary>Which pixels of a picture have data, a bit each.</summary>
/// <remarks>Not safe for concurrent use while it is filled.</remarks>
internal sealed class PixelMask
{
    private readonly int _width;
    private readonly ulong[] _none;

    private PixelMask(int width, int height)
    {
        _width = width;
        _none = new ulong[((long)width * height + 63) / 64];
    }

    /// <summary>Bytes of a mask.</summary>
    public static long BytesOf(int width, int height) => ((long)width * height + 63) / 64 * sizeof(ulong);

    /// <summary>Whether a pixel has data.</summary>
    public bool this[int x, int y]
    {
        get
        {
            long at = (long)y * _width + x;
            return (_none[at >> 6] & 1UL << (int)(at & 63)) == 0;
        }
    }

    /// <summary>How many pixels have none.</summary>
    public long CountNone()
    {
        long none = 0;
        foreach (ulong bits in _none) none += BitOperations.PopCount(bits);
        return none;
    }

    /// <summary>Reads what a mask and an alpha band say; null where there is neither.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="mask">One band of as many pixels, 0 where there is no data; null without one.</param>
    /// <param name="alpha">The picture's alpha band, 0 where there is no data; null without one.</param>
    public static PixelMask? Read(TiffImage image, TiffImage? mask, int? alpha)
    {
        if (mask is null && alpha is null) return null;
        var read = new PixelMask(image.Fields.Width, image.Fields.Height);
        if (mask is not null) read.Take(mask, 0);
        if (alpha is { } band) read.Take(image, band);
        return read;
    }

    private void Take(TiffImage image, int band)
    {
        uint[] keys = [];
        uint zero = SampleKeys.Of(image.Fields.SampleType, 0)!.Value;
        image.Read(new PixelWindow(0, 0, image.Fields.Width, image.Fields.Height), [band], (x, y, _, row) =>
        {
            if (keys.Length < row.Count) keys = new uint[row.Count];
            SampleKeys.Write(row, keys);
            long at = (long)y * _width + x;
            for (int i = 0; i < row.Count; i++, at++)
            {
                if (keys[i] == zero) _none[at >> 6] |= 1UL << (int)(at & 63);
            }
        });
    }
}
