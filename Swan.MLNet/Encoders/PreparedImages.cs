using System.Runtime.ExceptionServices;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Encoders;

/// <summary>A batch of images as the encoder takes them, decoded and resized in parallel into one reused buffer.</summary>
/// <remarks>Not safe for concurrent use: one per cursor. An image that can't be read leaves black pixels and its fault.</remarks>
internal sealed class PreparedImages(ImagePreprocessing preprocessing, int capacity)
{
    private readonly byte[] _pixels = new byte[checked(capacity * preprocessing.ByteCount)];
    private readonly Exception?[] _faults = new Exception?[capacity];

    /// <summary>Images in the batch.</summary>
    public int Count { get; private set; }

    /// <summary><c>Pixels[((i * S + y) * S + x) * 3 + channel]</c>.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, Count * preprocessing.ByteCount);

    /// <summary>Why image <paramref name="i"/> can't be read, or null.</summary>
    public Exception? Fault(int i) => _faults[i];

    /// <summary>Whether no image of the batch could be read.</summary>
    public bool AllFaulty => Array.TrueForAll(_faults[..Count], f => f is not null);

    /// <summary>Fills the batch.</summary>
    /// <param name="count">Images, at most the capacity.</param>
    /// <param name="decode">Gives image <c>i</c>; called from several threads. What it throws becomes that image's fault.</param>
    /// <param name="cancellation">Ends between images.</param>
    public void Prepare(int count, Func<int, RgbImage> decode, CancellationToken cancellation)
    {
        Count = count;
        cancellation.ThrowIfCancellationRequested();
        using DecodingTelemetry telemetry = DecodingTelemetry.Start(count);
        if (count == 1) PrepareOne(0, decode);
        else Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => PrepareOne(i, decode));
        telemetry.Faults(_faults.AsSpan(0, count));
    }

    /// <summary>Throws the first image's fault, if any has one.</summary>
    public void RequireAll()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_faults[i] is { } fault) ExceptionDispatchInfo.Throw(fault);
        }
    }

    private void PrepareOne(int i, Func<int, RgbImage> decode)
    {
        Span<byte> destination = _pixels.AsSpan(i * preprocessing.ByteCount, preprocessing.ByteCount);
        long start = DecodingTelemetry.StartImage();
        try
        {
            ImagePreprocessor.Prepare(decode(i), preprocessing, destination);
            _faults[i] = null;
            DecodingTelemetry.ImageDone(start);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            DecodingTelemetry.ImageFailed(e);
            destination.Clear();
            _faults[i] = e;
        }
    }
}
