namespace Swan.Training.DataLoading;

/// <summary>
/// For images taken from straight above, where no direction is up: one of the eight flips and quarter turns, a random resized crop
/// (60–100 % of the area unless told otherwise, aspect ratio 4:5–5:4), brightness and contrast each ×[0.8, 1.2].
/// </summary>
/// <remarks>
/// Working size = image size · 9/8, so that a crop of 80 % of the area or more isn't enlarged. Everything happens in one bilinear pass in
/// fixed point: the crop never shrinks by more than 9/8, where bilinear needs no wider support.
/// </remarks>
internal sealed class NadirAugmentation(int imageSize, double smallestArea = NadirAugmentation.DefaultMinArea)
    : TrainingAugmentation(imageSize, imageSize * 9 / 8)
{
    private const int WeightBits = 8, One = 1 << WeightBits;
    internal const double DefaultMinArea = 0.6;
    private const double WidestAspect = 1.25, LightChange = 0.2;

    public override AugmentationDraw Draw(ref SampleRandom random)
    {
        Crop crop = DrawCrop(ref random);
        // A side of the result covers so much of a side of the source, about this place.
        float x = (float)(crop.Width / WorkingSize), y = (float)(crop.Height / WorkingSize);
        float x0 = (float)((2 * crop.Left + crop.Width) / WorkingSize - 1), y0 = (float)((2 * crop.Top + crop.Height) / WorkingSize - 1);
        if ((crop.Turn & 1) != 0) x = -x;
        if ((crop.Turn & 2) != 0) y = -y;
        (float brightness, float contrast) = ((float)crop.Brightness, (float)crop.Contrast);
        return (crop.Turn & 4) == 0
            ? new(x, 0, x0, 0, y, y0, brightness, contrast)
            : new(0, x, x0, y, 0, y0, brightness, contrast);
    }

    private Crop DrawCrop(ref SampleRandom random)
    {
        int turn = random.NextInt(8);
        double area = random.NextDouble(smallestArea, 1);
        double aspect = Math.Exp(random.NextDouble(-Math.Log(WidestAspect), Math.Log(WidestAspect)));
        double width = Math.Min(WorkingSize, WorkingSize * Math.Sqrt(area * aspect));
        double height = Math.Min(WorkingSize, WorkingSize * Math.Sqrt(area / aspect));
        double left = random.NextDouble(0, WorkingSize - width), top = random.NextDouble(0, WorkingSize - height);
        double brightness = random.NextDouble(1 - LightChange, 1 + LightChange);
        return new(turn, left, top, width, height, brightness, Contrast: random.NextDouble(1 - LightChange, 1 + LightChange));
    }

    private protected override void ApplyCore(ReadOnlySpan<byte> source, Span<byte> destination, ref SampleRandom random)
    {
        (int turn, double left, double top, double width, double height, double brightness, double contrast) = DrawCrop(ref random);

        Span<byte> light = stackalloc byte[256];
        FillLight(light, brightness, contrast);

        // The crop's samples along each axis: low[i] and low[i]+step, mixed by weight[i]. A flip reverses the axis.
        Span<int> column = stackalloc int[ImageSize], columnNext = stackalloc int[ImageSize], columnWeight = stackalloc int[ImageSize];
        Span<int> row = stackalloc int[ImageSize], rowNext = stackalloc int[ImageSize], rowWeight = stackalloc int[ImageSize];
        FillAxis(column, columnNext, columnWeight, left, width, 3, (turn & 1) != 0);
        FillAxis(row, rowNext, rowWeight, top, height, WorkingSize * 3, (turn & 2) != 0);

        // The diagonal flip swaps the axes; with the two flips it makes all eight symmetries of the square.
        if ((turn & 4) == 0)
            Sample(source, destination, light, column, columnNext, columnWeight, row, rowNext, rowWeight);
        else
            Sample(source, destination, light, row, rowNext, rowWeight, column, columnNext, columnWeight);
    }

    private void FillAxis(Span<int> low, Span<int> next, Span<int> weight, double start, double length, int stride, bool reversed)
    {
        double step = length / ImageSize;
        for (int i = 0; i < ImageSize; i++)
        {
            double center = Math.Clamp(start + (i + 0.5) * step - 0.5, 0, WorkingSize - 1);
            int at = (int)center, slot = reversed ? ImageSize - 1 - i : i;
            low[slot] = at * stride;
            next[slot] = Math.Min(at + 1, WorkingSize - 1) * stride;
            weight[slot] = (int)((center - at) * One);
        }
    }

    private static void FillLight(Span<byte> light, double brightness, double contrast)
    {
        // About mid-gray rather than the image's own mean: one table, and brightness already moves the mean.
        for (int i = 0; i < 256; i++)
            light[i] = (byte)Math.Clamp(Math.Round(((i * brightness) - 127.5) * contrast + 127.5), 0, 255);
    }

    private void Sample(
        ReadOnlySpan<byte> source, Span<byte> destination, ReadOnlySpan<byte> light,
        ReadOnlySpan<int> x0, ReadOnlySpan<int> x1, ReadOnlySpan<int> xWeight,
        ReadOnlySpan<int> y0, ReadOnlySpan<int> y1, ReadOnlySpan<int> yWeight)
    {
        int written = 0;
        for (int y = 0; y < ImageSize; y++)
        {
            int above = y0[y], below = y1[y], wy = yWeight[y];
            for (int x = 0; x < ImageSize; x++, written += 3)
            {
                int left = x0[x], right = x1[x], wx = xWeight[x];
                ReadOnlySpan<byte> a = source.Slice(above + left, 3), b = source.Slice(above + right, 3);
                ReadOnlySpan<byte> c = source.Slice(below + left, 3), d = source.Slice(below + right, 3);
                int wa = (One - wx) * (One - wy), wb = wx * (One - wy), wc = (One - wx) * wy, wd = wx * wy;
                const int half = 1 << (2 * WeightBits - 1);
                destination[written] = light[(a[0] * wa + b[0] * wb + c[0] * wc + d[0] * wd + half) >> (2 * WeightBits)];
                destination[written + 1] = light[(a[1] * wa + b[1] * wb + c[1] * wc + d[1] * wd + half) >> (2 * WeightBits)];
                destination[written + 2] = light[(a[2] * wa + b[2] * wb + c[2] * wc + d[2] * wd + half) >> (2 * WeightBits)];
            }
        }
    }

    private readonly record struct Crop(
        int Turn, double Left, double Top, double Width, double Height, double Brightness, double Contrast);
}
