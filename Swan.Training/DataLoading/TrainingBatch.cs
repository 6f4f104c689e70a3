using System.Buffers;

namespace Swan.Training.DataLoading;

/// <summary>One batch of image and caption pairs, as the loader made it: bytes and ids, not yet tensors.</summary>
/// <remarks>Owned by whoever took it from the loader; <see cref="Dispose"/> gives the pixel buffer back to the pool.</remarks>
internal sealed class TrainingBatch : IDisposable
{
    private byte[]? _pixels;

    internal TrainingBatch(int epoch, int index, int count, int imageSize, int length, int captionsPerImage = 1)
    {
        (Epoch, Index, Count, ImageSize, Length, Pairs) = (epoch, index, count, imageSize, length, count * captionsPerImage);
        _pixels = ArrayPool<byte>.Shared.Rent(count * imageSize * imageSize * 3);
        Ids = new long[Pairs * length];
        Lengths = new long[Pairs];
        Images = new int[Pairs];
        Captions = new int[Pairs];
        CaptionKeys = new long[Pairs];
    }

    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; }

    /// <summary>The batch's position in its epoch, from 0.</summary>
    public int Index { get; }

    /// <summary>Images in the batch.</summary>
    public int Count { get; }

    /// <summary>Pairs in the batch: as many as images, or a multiple. Pair p has the pixels of image <c>p % Count</c>.</summary>
    public int Pairs { get; }

    /// <summary>Side of each image in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>L, the tokens of the batch's longest caption.</summary>
    public int Length { get; }

    /// <summary><c>Pixels[((image * ImageSize + y) * ImageSize + x) * 3 + channel]</c>.</summary>
    public ReadOnlyMemory<byte> Pixels => PixelBuffer.AsMemory(0, Count * ImageSize * ImageSize * 3);

    /// <summary><c>Ids[pair * Length + token]</c>, padded.</summary>
    public long[] Ids { get; }

    /// <summary>Tokens of each caption.</summary>
    public long[] Lengths { get; }

    /// <summary>Each pair's image: its index in the set.</summary>
    public int[] Images { get; }

    /// <summary>Each pair's caption: its index among the set's captions.</summary>
    public int[] Captions { get; }

    /// <summary>Equal for captions that are the same to the text tower.</summary>
    public long[] CaptionKeys { get; }

    internal byte[] PixelBuffer => _pixels ?? throw new ObjectDisposedException(nameof(TrainingBatch));

    /// <summary>
    /// How each image is to be taken from its working copy, where the device does it; null where <see cref="Pixels"/> are made.
    /// </summary>
    public AugmentationDraw[]? Draws { get; internal set; }

    /// <summary>Gives the pixel buffer back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } pixels)
            ArrayPool<byte>.Shared.Return(pixels);
    }
}
