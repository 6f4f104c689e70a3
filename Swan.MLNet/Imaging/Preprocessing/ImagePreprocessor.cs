using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>The part of <c>swan-image-1</c> that happens outside the ONNX graph: the squash to the encoder's input.</summary>
internal static class ImagePreprocessor
{
    /// <summary>Writes an image in the encoder's input format.</summary>
    /// <param name="image">Any size.</param>
    /// <param name="preprocessing">The model's contract.</param>
    /// <param name="destination"><see cref="ImagePreprocessing.ByteCount"/> bytes: height × width × channel.</param>
    /// <exception cref="SwanFormatException">The contract isn't <c>swan-image-1</c>.</exception>
    /// <exception cref="ArgumentException">The destination's length doesn't fit.</exception>
    public static void Prepare(RgbImage image, ImagePreprocessing preprocessing, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (preprocessing.Contract != ImagePreprocessing.SwanImage1)
        {
            throw new SwanFormatException(
                $"The model needs the preprocessing '{preprocessing.Contract}', but this version implements only "
                + $"'{ImagePreprocessing.SwanImage1}'. Embeddings would be silently wrong. Update Swan.MLNet.");
        }
        DecodeTurn.ChargeBuffers(BufferPool.SizeOf(BilinearResampler.BetweenBytes(image.Rows, preprocessing.Size, preprocessing.Size)));
        BilinearResampler.Resize(image.Rgb, image.Columns, image.Rows, destination, preprocessing.Size, preprocessing.Size);
    }
}
