using System.Runtime.InteropServices;
using Swan.MLNet.Imaging;
using Swan.Training.Native;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Bytes to what the image tower takes: scaled to [0, 1], minus mean, over deviation, channels before rows.</summary>
internal sealed class PixelNormalization : IDisposable
{
    private readonly Tensor _scale, _shift;
    private readonly Device _device;
    private readonly int _size;

    public PixelNormalization(ImagePreprocessing preprocessing, Device device)
    {
        (_size, _device) = (preprocessing.Size, device);
        using var scope = NewDisposeScope();
        // (b / 255 − mean) / deviation in one multiplication and one addition
        _scale = tensor(preprocessing.Std.Select(d => 1 / (255 * d)).ToArray()).to(device).view(1, 3, 1, 1).DetachFromDisposeScope();
        _shift = tensor(preprocessing.Mean.Zip(preprocessing.Std, (m, d) => -m / d).ToArray())
            .to(device)
            .view(1, 3, 1, 1)
            .DetachFromDisposeScope();
    }

    /// <summary>
    /// N×S×S×3 bytes → N×3×S×S float32, still channels last in memory: convolutions are a quarter faster so, where they are right
    /// (<see cref="OneDnn"/>).
    /// </summary>
    public Tensor Apply(ReadOnlyMemory<byte> pixels, int count)
    {
        Tensor bytes = empty([count, _size, _size, 3], ScalarType.Byte);
        bytes.bytes = MemoryMarshal.AsMemory(pixels).Span[..(count * _size * _size * 3)]; // only read
        return Apply(bytes.WithoutWaiting(_device).permute(0, 3, 1, 2).to(ScalarType.Float32));
    }

    /// <summary>N×3×S×S levels from 0 to 255 on the device, float32, which it overwrites and returns.</summary>
    public Tensor Apply(Tensor levels) => levels.mul_(_scale).add_(_shift);

    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
    }
}
