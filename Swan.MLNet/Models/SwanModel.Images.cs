using Swan.MLNet.Diagnostics;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Models;

// Images, one or many.
public sealed partial class SwanModel
{
    private const string Unnamed = "the image";

    /// <summary>Embeds one image file.</summary>
    /// <param name="path">A file of one of the <see cref="ImageDecoder.Formats"/>.</param>
    /// <returns>D values of length 1.</returns>
    /// <exception cref="SwanImageException">The file is missing, or is not a complete image.</exception>
    /// <inheritdoc cref="EmbedImage(RgbImage)" path="/exception"/>
    public float[] EmbedImage(string path) => EmbedImages([path], batchSize: 1);

    /// <summary>Embeds one encoded image from memory.</summary>
    /// <param name="bytes">A whole file of one of the <see cref="ImageDecoder.Formats"/>.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <returns>D values of length 1.</returns>
    /// <exception cref="SwanImageException">It is not a complete image.</exception>
    /// <inheritdoc cref="EmbedImage(RgbImage)" path="/exception"/>
    public float[] EmbedImage(ReadOnlyMemory<byte> bytes, string name = Unnamed)
        => EmbedIncoming(1, _ => new IncomingBytes(bytes, name, Decoding), 1);

    /// <summary>Embeds one encoded image from a stream.</summary>
    /// <param name="stream">
    /// A whole file of one of the <see cref="ImageDecoder.Formats"/>, read from its position to its end; not closed, need not seek.
    /// </param>
    /// <param name="name">Its name in error messages.</param>
    /// <returns>D values of length 1.</returns>
    /// <exception cref="SwanImageException">It is not a complete image, or has more bytes than the limit.</exception>
    /// <inheritdoc cref="EmbedImage(RgbImage)" path="/exception"/>
    public float[] EmbedImage(Stream stream, string name = Unnamed)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return EmbedIncoming(1, _ => new IncomingStream(() => stream, name, Decoding, leaveOpen: true), 1);
    }

    /// <summary>Embeds one decoded image of any size.</summary>
    /// <param name="image">Upright RGB.</param>
    /// <returns>D values of length 1.</returns>
    /// <exception cref="SwanFormatException">The image encoder can't be used, or the model's file has changed since it was opened. Each
    /// encoder is opened at its first use, unless <see cref="SwanModelOptions.Towers"/> says otherwise.</exception>
    /// <exception cref="SwanDeviceException">This call opens the image encoder, and the device fails.</exception>
    /// <exception cref="IOException">The model's file is no longer readable; the next call tries again.</exception>
    public float[] EmbedImage(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return EmbedImages(1, _ => image, batchSize: 1);
    }

    /// <summary>Embeds many image files; all processors decode the next batch while the encoder runs the current one.</summary>
    /// <remarks><see cref="SwanResources"/> limits the files that the process reads and decodes at a time.</remarks>
    /// <param name="paths">The files.</param>
    /// <param name="batchSize">Images decoded and encoded together. Default 32.</param>
    /// <param name="progress">Gets the number of images done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms of an encoder run, or after the images being decoded.</param>
    /// <returns><c>embeddings[i * D + d]</c>, in the order of <paramref name="paths"/>.</returns>
    /// <exception cref="SwanImageException">A file is missing, or is not a complete image. The message names the first such file of a
    /// batch.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <inheritdoc cref="EmbedImage(RgbImage)" path="/exception"/>
    public float[] EmbedImages(
        IReadOnlyList<string> paths, int batchSize = 32, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return EmbedIncoming(
            paths.Count, i => new IncomingFile(paths[i], Decoding), batchSize, progress, cancellationToken);
    }

    /// <summary>Embeds many encoded images from memory.</summary>
    /// <param name="images">Whole files of the <see cref="ImageDecoder.Formats"/>. Their names in messages are <c>image 0</c> and so
    /// on.</param>
    /// <param name="batchSize">Images decoded and encoded together. Default 32.</param>
    /// <param name="progress">Gets the number of images done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms of an encoder run, or after the images being decoded.</param>
    /// <returns><c>embeddings[i * D + d]</c>, in the order of <paramref name="images"/>.</returns>
    /// <exception cref="SwanImageException">One is not a complete image. The message names the first one of a batch.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <inheritdoc cref="EmbedImage(RgbImage)" path="/exception"/>
    public float[] EmbedImages(
        IReadOnlyList<ReadOnlyMemory<byte>> images, int batchSize = 32, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return EmbedIncoming(
            images.Count, i => new IncomingBytes(images[i], Name(i), Decoding), batchSize, progress,
            cancellationToken);
    }

    /// <summary>Embeds many encoded images from streams, such as objects of a store or entries of an archive.</summary>
    /// <param name="count">The number of images.</param>
    /// <param name="open">Opens image <c>i</c>; called once per image, from several threads (<see cref="SwanResources.MaxReads"/>). Each
    /// stream is read to its end and disposed.</param>
    /// <param name="batchSize">Images decoded and encoded together. Default 32.</param>
    /// <param name="progress">Gets the number of images done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms of an encoder run, or after the images being decoded.</param>
    /// <returns><c>embeddings[i * D + d]</c>, image 0 first.</returns>
    /// <exception cref="SwanImageException">One is not a complete image. The message names the first one of a batch.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <inheritdoc cref="EmbedImage(RgbImage)" path="/exception"/>
    public float[] EmbedImages(
        int count, Func<int, Stream> open, int batchSize = 32, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        return EmbedIncoming(
            count, i => new IncomingStream(() => open(i), Name(i), Decoding), batchSize, progress, cancellationToken);
    }

    /// <summary>Embeds many images from anywhere, by their index.</summary>
    /// <param name="count">The number of images.</param>
    /// <param name="decode">Gives image <c>i</c>, such as by <see cref="ImageDecoder"/>; called once per image, from several
    /// threads.</param>
    /// <param name="batchSize">Images decoded and encoded together. Default 32.</param>
    /// <param name="progress">Gets the number of images done, after each batch.</param>
    /// <param name="cancellationToken">Ends the work within about 50 ms of an encoder run, or after the images being decoded.</param>
    /// <returns><c>embeddings[i * D + d]</c>, image 0 first.</returns>
    /// <exception cref="OperationCanceledException">Canceled. Exceptions of <paramref name="decode"/> pass through unchanged.</exception>
    /// <inheritdoc cref="EmbedImage(RgbImage)" path="/exception"/>
    public float[] EmbedImages(
        int count, Func<int, RgbImage> decode, int batchSize = 32, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decode);
        return EmbedIncoming(count, i => new IncomingPicture(() => decode(i)), batchSize, progress, cancellationToken);
    }

    /// <summary>Embeds many images, wherever they come from.</summary>
    internal float[] EmbedIncoming(
        int count, Func<int, IncomingImage> image, int batchSize, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        float[] embeddings = Room(count);
        if (count == 0) return embeddings;
        batchSize = Math.Min(batchSize, count);
        var current = new PreparedImages(Card.Image, batchSize);
        // One batch needs no second buffer.
        PreparedImages next = count > batchSize ? new PreparedImages(Card.Image, batchSize) : current;
        var readings = new ReadingCounts();
        try
        {
            for (int start = 0; start < count; start += batchSize)
            {
                current.Prepare(Size(start), From(start), cancellationToken);
                int following = start + batchSize;
                if (following < count) next.Begin(Size(following), From(following), cancellationToken);
                current.ThrowIfAnyFaulty();
                for (int i = 0; i < current.Count; i++)
                {
                    if (current.Reading(i) is { } reading && readings.Add(reading)) _logger.ImageRead(start + i, reading);
                }
                ImageEncoder.Encode(current.Pixels, current.Count, embeddings.AsSpan(start * EmbeddingSize), cancellationToken);
                progress?.Report(Math.Min(following, count));
                current.Clear();
                (current, next) = (next, current);
            }
        }
        finally
        {
            current.Dispose();
            next.Dispose();
        }
        if (readings.Take() is { } summary) _logger.ImagesRead(summary);
        return embeddings;

        int Size(int first) => Math.Min(batchSize, count - first);

        Func<int, IncomingImage> From(int first) => i => image(first + i);
    }

    private static string Name(int index) => $"image {index}";
}
