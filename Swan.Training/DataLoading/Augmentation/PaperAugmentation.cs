using Swan.MLNet.Numerics;

namespace Swan.Training.DataLoading;

/// <summary>
/// The paper's augmentation: rotate by a uniform angle in [0°, 90°) about the center (nearest neighbor, black corners), crop at random.
/// </summary>
/// <remarks>
/// Working size = image size · 278/256. Only the crop's pixels are rotated, which gives the same bytes as rotating the whole image first.
/// Pixel centers and rounding follow Pillow's <c>Image.rotate</c>. Source: docs/spec/network.md, section 1.
/// </remarks>
internal sealed class PaperAugmentation(int imageSize) : TrainingAugmentation(imageSize, (imageSize * 278 + 128) / 256)
{
    public override bool TakesNearest => true;

    public override AugmentationDraw Draw(ref SampleRandom random)
    {
        (double radians, int left, int top) = DrawTurn(ref random);
        double cos = Math.Cos(radians), sin = Math.Sin(radians), share = (double)ImageSize / WorkingSize;
        // From the working copy's center to the crop's, in pixels.
        double dx = left + ImageSize / 2.0 - WorkingSize / 2.0, dy = top + ImageSize / 2.0 - WorkingSize / 2.0;
        return new(
            (float)(cos * share), (float)(-sin * share), (float)(2 * (cos * dx - sin * dy) / WorkingSize),
            (float)(sin * share), (float)(cos * share), (float)(2 * (sin * dx + cos * dy) / WorkingSize));
    }

    private protected override void ApplyCore(ReadOnlySpan<byte> source, Span<byte> destination, ref SampleRandom random)
    {
        (double radians, int left, int top) = DrawTurn(ref random);
        RotateAndCrop(source, destination, radians, left, top);
    }

    private (double Radians, int Left, int Top) DrawTurn(ref SampleRandom random)
    {
        double radians = random.NextDouble(0, Math.PI / 2);
        int left = random.NextInt(WorkingSize - ImageSize + 1);
        return (radians, left, random.NextInt(WorkingSize - ImageSize + 1));
    }

    private void RotateAndCrop(ReadOnlySpan<byte> source, Span<byte> destination, double radians, int left, int top)
    {
        // Counter-clockwise, y down: the inverse map takes a result's pixel center back to the source.
        double cos = Math.Cos(radians), sin = Math.Sin(radians), center = WorkingSize / 2.0;
        int size = WorkingSize, written = 0;
        for (int y = 0; y < ImageSize; y++)
        {
            double dy = y + top + 0.5 - center;
            for (int x = 0; x < ImageSize; x++, written += 3)
            {
                double dx = x + left + 0.5 - center;
                double sourceX = Math.Floor(cos * dx - sin * dy + center);
                double sourceY = Math.Floor(sin * dx + cos * dy + center);
                if (sourceX >= 0 && sourceX < size && sourceY >= 0 && sourceY < size)
                {
                    int read = ((int)sourceY * size + (int)sourceX) * 3;
                    destination[written] = source[read];
                    destination[written + 1] = source[read + 1];
                    destination[written + 2] = source[read + 2];
                }
                else
                {
                    destination[written] = destination[written + 1] = destination[written + 2] = 0;
                }
            }
        }
    }
}
