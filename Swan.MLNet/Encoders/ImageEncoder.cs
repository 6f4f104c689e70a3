using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Encoders;

/// <summary>The image tower: preprocessed pixels in, unit embeddings out.</summary>
/// <remarks>
/// Safe for concurrent use. A call of two images or more keeps the processors busy by itself; one image takes one of them. Owned by its
/// <see cref="SwanModel"/>.
/// </remarks>
internal sealed class ImageEncoder : IDisposable
{
    internal const string InputName = "pixels";
    private static readonly string[] InputNames = [InputName];
    private readonly EncoderSession _session;
    private readonly EncoderTelemetry _telemetry;

    private ImageEncoder(EncoderSession session, ModelCard card)
    {
        _session = session;
        _telemetry = new EncoderTelemetry(RowQueue.Image, RowQueue.ImagesEncoding, card.Name, session.Device.Device);
        EmbeddingSize = card.EmbeddingSize;
        Preprocessing = card.Image;
        LastValueIsConstant = card.LastImageValueIsConstant;
    }

    /// <summary>D, the length of an embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>What has to be done to an image first; <see cref="ImagePreprocessor"/> does it.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>Where it runs and why, in one line.</summary>
    public string DeviceReport => _session.Device.Report;

    internal EncoderSession Session => _session;

    /// <summary>Whether the last value is the same for every image, which averages have to keep; see <see cref="Querybank"/>.</summary>
    internal bool LastValueIsConstant { get; }

    internal static ImageEncoder Open(SwanModelFile file, EncoderOptions options)
    {
        int side = file.Card.Image.Size;
        return new ImageEncoder(
            EncoderSession.Open(
                file.Entry(ModelArchive.ImageEntry), $"'{ModelArchive.ImageEntry}' of '{file.Name}'", file.Card.EmbeddingSize,
                [(InputName, TensorElementType.UInt8, [-1, side, side, 3])], options),
            file.Card);
    }

    /// <summary>
    /// Encodes a batch in runs of bounded size: up to 256 images on a GPU; on a CPU up to eight, of one thread each, and as many runs at
    /// once as there are processors.
    /// </summary>
    /// <param name="pixels">
    /// <paramref name="count"/> images one after another: <c>pixels[((i * S + y) * S + x) * 3 + channel]</c>, S = the preprocessing's size.
    /// </param>
    /// <param name="count">Images; 0 does nothing.</param>
    /// <param name="embeddings">Gets the first <c>count * D</c> values: <c>embeddings[i * D + d]</c>, each image's of length 1.</param>
    /// <param name="cancellationToken">Ends a running batch within about 50 ms.</param>
    /// <exception cref="ArgumentException">A span's length doesn't fit <paramref name="count"/>.</exception>
    /// <exception cref="OperationCanceledException">Canceled; <paramref name="embeddings"/> is not to be used.</exception>
    public unsafe void Encode(ReadOnlySpan<byte> pixels, int count, Span<float> embeddings, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (pixels.Length != (long)count * Preprocessing.ByteCount)
        {
            throw new ArgumentException(
                $"Expected {(long)count * Preprocessing.ByteCount:N0} bytes for {Counted.Of(count, "image")} of "
                + $"{Preprocessing.Size}×{Preprocessing.Size}; got {pixels.Length:N0}. Prepare each image with ImagePreprocessor and this "
                + "encoder's Preprocessing.",
                nameof(pixels));
        }
        ThrowIfTooShort(embeddings.Length, count, EmbeddingSize, nameof(embeddings));
        using SessionLease use = _session.Begin();
        if (count == 0) return;
        EvenRuns runs = EvenRuns.Divide(count, _session.Device.ImagesPerRun, _session.Device.RunsAtOnce);
        fixed (byte* source = pixels)
        fixed (float* destination = embeddings)
        {
            nint from = (nint)source, to = (nint)destination;
            _session.RunAll(
                count, runs.Count, (i, turn) => Run(turn, runs.First(i), runs.Size(i), from, to, cancellationToken), handOn: null,
                cancellationToken);
        }
    }

    /// <summary>Takes no more calls and releases the session; calls that are running finish first.</summary>
    public void Dispose() => _session.Dispose();

    // from[i * bytes + byte] and to[i * D + d] stay where they are until all runs have ended.
    private unsafe void Run(RunTurn turn, int first, int count, nint from, nint to, CancellationToken cancellation)
    {
        int bytes = Preprocessing.ByteCount;
        using OrtValue input = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.UInt8, [count, Preprocessing.Size, Preprocessing.Size, 3],
            from + (nint)first * bytes, (long)count * bytes);
        var embeddings = new Span<float>((float*)to + (nint)first * EmbeddingSize, count * EmbeddingSize);
        _session.Run(turn, _telemetry, InputNames, [input], count, count, embeddings, cancellation);
    }

    internal static void ThrowIfTooShort(int length, int count, int embeddingSize, string parameter)
    {
        if (length < (long)count * embeddingSize)
        {
            throw new ArgumentException(
                $"{count} embeddings of {embeddingSize} values need room for {(long)count * embeddingSize:N0} values; got room for "
                + $"{length:N0}.",
                parameter);
        }
    }
}
