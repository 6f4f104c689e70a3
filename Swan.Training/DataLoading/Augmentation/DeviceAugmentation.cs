using System.Runtime.InteropServices;
using Swan.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.DataLoading;

/// <summary>Augments images where the network computes: the same crops, turns and light as the loader's, in floating point.</summary>
/// <remarks>
/// Takes all training images to the device once, as bytes, and a few numbers an image in each step. Levels differ from the loader's by
/// rounding only: its weights have 8 bits. Not safe for concurrent use.
/// </remarks>
internal sealed class DeviceAugmentation : IDisposable
{
    private const int ImagesOfUpload = 256, NumbersOfMap = 6;
    private readonly TrainingAugmentation _augmentation;
    private readonly Device _device;
    private readonly Tensor _pixels;

    /// <summary>Copies all images to the device.</summary>
    /// <param name="pixels">Working copies; not needed afterward.</param>
    /// <param name="augmentation">What happens to each image.</param>
    /// <param name="device">Where it computes.</param>
    public DeviceAugmentation(PixelCache pixels, TrainingAugmentation augmentation, Device device)
    {
        (_augmentation, _device) = (augmentation, device);
        int side = pixels.Size;
        _pixels = empty([pixels.Count, side, side, 3], ScalarType.Byte, device).DetachFromDisposeScope();
        for (int start = 0; start < pixels.Count; start += ImagesOfUpload)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(ImagesOfUpload, pixels.Count - start);
            Tensor part = empty([count, side, side, 3], ScalarType.Byte);
            pixels.Range(start, count).CopyTo(part.bytes);
            _pixels.narrow(0, start, count).copy_(part);
        }
    }

    /// <summary>A batch's images, N×3×S×S, levels from 0 to 255 as float32, channels last in memory as the loader's.</summary>
    /// <param name="images">Each one's index in the set; as many as <paramref name="draws"/> at least.</param>
    /// <param name="draws">What chance decided for each.</param>
    public Tensor Apply(int[] images, AugmentationDraw[] draws)
    {
        int count = draws.Length, side = _augmentation.ImageSize;
        Tensor numbers = Numbers(draws);                                                                    // N×8
        Tensor map = numbers.narrow(1, 0, NumbersOfMap).reshape(count, 2, 3);
        Tensor chosen = tensor(Array.ConvertAll(images[..count], i => (long)i)).WithoutWaiting(_device);
        Tensor source = _pixels.index_select(0, chosen).permute(0, 3, 1, 2).to(ScalarType.Float32);       // N×3×W×W
        Tensor grid = nn.functional.affine_grid(map, [count, 3, side, side], align_corners: false);        // N×S×S×2
        Tensor levels = nn.functional.grid_sample(source, grid,
            _augmentation.TakesNearest ? GridSampleMode.Nearest : GridSampleMode.Bilinear,
            _augmentation.TakesNearest ? GridSamplePaddingMode.Zeros : GridSamplePaddingMode.Border, align_corners: false).round();
        levels = levels.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2); // a sampled grid comes channels first
        if (_augmentation.TakesNearest) return levels;
        Tensor brightness = Factor(NumbersOfMap), contrast = Factor(NumbersOfMap + 1);
        return ((levels * brightness - 127.5) * contrast + 127.5).round().clamp(0, 255);

        Tensor Factor(int column) => numbers.narrow(1, column, 1).view(count, 1, 1, 1);
    }

    public void Dispose() => _pixels.Dispose();

    private Tensor Numbers(AugmentationDraw[] draws)
    {
        float[] numbers = MemoryMarshal.Cast<AugmentationDraw, float>(draws).ToArray();
        return tensor(numbers).view(draws.Length, NumbersOfMap + 2).WithoutWaiting(_device);
    }
}
