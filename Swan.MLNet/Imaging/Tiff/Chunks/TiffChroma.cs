using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Luma and chroma (YCbCr) of TIFFs that are not JPEG to RGB, with integers as libtiff computes them.</summary>
internal sealed class TiffChroma
{
    private const int Shift = 16, Half = 1 << (Shift - 1);

    private readonly int[] _luma = new int[256], _redOfCr = new int[256], _greenOfCr = new int[256], _greenOfCb = new int[256],
        _blueOfCb = new int[256];

    public TiffChroma(TiffDirectory directory)
    {
        long[] sides = directory.Numbers(TiffTags.YCbCrSubsampling, 0, 2);
        (Columns, Rows) = sides is [var columns, var rows] ? ((int)Math.Min(columns, 256), (int)Math.Min(rows, 256)) : (2, 2);
        double[] weights = directory.Doubles(TiffTags.YCbCrCoefficients, 3), range = directory.Doubles(TiffTags.ReferenceBlackWhite, 6);
        if (weights.Length < 3 || weights[1] == 0 || !weights.All(double.IsFinite)) weights = [0.299, 0.587, 0.114];
        if (range.Length < 6 || !range.All(double.IsFinite)) range = [0, 255, 128, 255, 128, 255];
        Fill(Array.ConvertAll(weights, w => (float)w), Array.ConvertAll(range, r => (float)r));
    }

    /// <summary>Columns and rows of pixels that share their chroma.</summary>
    public int Columns { get; }

    public int Rows { get; }

    public bool IsSubsampled => Columns * Rows > 1;

    /// <exception cref="SwanImageException">The samples are not of 8 bits, or shared in a way that TIFF doesn't have.</exception>
    public void ThrowUnlessRead(TiffFields fields, string name)
    {
        if (fields is not { Samples: 3, Bits: 8, SampleType: TiffSampleType.Byte })
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                $"its colors are YCbCr with {fields.Samples} samples of {fields.Bits} bits; expected three of 8 bits. Convert it to RGB.");
        }
        if (Columns is not (1 or 2 or 4) || Rows is not (1 or 2 or 4))
            throw SwanImageException.Corrupt(name, $"its chroma is shared by {Columns}×{Rows} pixels, which TIFF doesn't define");
    }

    /// <summary>Bytes of blocks: the luma of their pixels, then the two chromas.</summary>
    public long BlockBytes(int width, int height) =>
        (long)((width - 1) / Columns + 1) * ((height - 1) / Rows + 1) * (Columns * Rows + 2);

    /// <summary>Blocks, from left to right and from top to bottom, to RGB.</summary>
    public void FromBlocks(ReadOnlySpan<byte> blocks, int width, int height, Span<byte> rgb)
    {
        int pixels = Columns * Rows, across = (width - 1) / Columns + 1;
        for (int y = 0; y < height; y++)
        {
            int row = y / Rows * across * (pixels + 2) + y % Rows * Columns;
            int chroma = y / Rows * across * (pixels + 2) + pixels;
            for (int x = 0; x < width; x++)
            {
                int block = x / Columns * (pixels + 2), cb = chroma + block;
                Convert(blocks[row + block + x % Columns], blocks[cb], blocks[cb + 1], rgb[((y * width + x) * 3)..]);
            }
        }
    }

    /// <summary>Three planes, of which the second and third have fewer pixels, to RGB.</summary>
    public void FromPlanes(
        ReadOnlySpan<byte> luma, ReadOnlySpan<byte> blue, ReadOnlySpan<byte> red, int width, int height, Span<byte> rgb)
    {
        int across = (width - 1) / Columns + 1;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int chroma = y / Rows * across + x / Columns;
                Convert(luma[y * width + x], blue[chroma], red[chroma], rgb[((y * width + x) * 3)..]);
            }
        }
    }

    private void Convert(byte luma, byte cb, byte cr, Span<byte> rgb)
    {
        int y = _luma[luma];
        rgb[0] = Clamp(y + _redOfCr[cr]);
        rgb[1] = Clamp(y + ((_greenOfCb[cb] + _greenOfCr[cr]) >> Shift));
        rgb[2] = Clamp(y + _blueOfCb[cb]);
    }

    private void Fill(float[] weights, float[] range)
    {
        float red = 2 - 2 * weights[0], blue = 2 - 2 * weights[2];
        int d1 = Fixed(red), d2 = -Fixed(weights[0] * red / weights[1]), d3 = Fixed(blue), d4 = -Fixed(weights[2] * blue / weights[1]);
        for (int i = 0; i < 256; i++)
        {
            int cr = Value(i - 128, range[4] - 128, range[5] - 128, 127), cb = Value(i - 128, range[2] - 128, range[3] - 128, 127);
            _luma[i] = Value(i, range[0], range[1], 255);
            _redOfCr[i] = (d1 * cr + Half) >> Shift;
            _blueOfCb[i] = (d3 * cb + Half) >> Shift;
            _greenOfCr[i] = d2 * cr;
            _greenOfCb[i] = d4 * cb + Half;
        }
    }

    private static int Fixed(float value) => (int)(value * (1L << Shift) + 0.5);

    private static int Value(int code, float black, float white, float most) =>
        (int)((code - (int)black) * most / (white - black != 0 ? white - black : 1));

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
