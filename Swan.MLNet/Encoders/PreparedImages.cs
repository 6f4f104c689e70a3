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
    private Task _preparing = Task.CompletedTask;
    private volatile bool _cleared;

    /// <summary>Images in the batch.</summary>
    public int Count { get; private set; }

    /// <summary><c>Pixels[((i * S + y) * S + x) * 3 + channel]</c>.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.AsSpan(0, Count * preprocessing.ByteCount);

    /// <summary>Why image <paramref name="i"/> can't be read, or null.</summary>
    public Exception? Fault(int i) => _faults[i];

    /// <summary>Whether no image of the batch could be read.</summary>
    public bool AllFaulty => Array.TrueForAll(_faults[..Count], f => f is not null);

    /// <summary>Forgets the images; waits for those that are being decoded.</summary>
    public void Clear()
    {
        _cleared = true;
        // Never leave a decoder running that writes into our buffer.
        _preparing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        (_preparing, _cleared, Count) = (Task.CompletedTask, false, 0);
    }

    /// <summary>Begins what <see cref="Prepare"/> does, in the background. Prepare or <see cref="Clear"/> comes next.</summary>
    public void Begin(int count, Func<int, RgbImage> decode, CancellationToken cancellation) =>
        _preparing = Task.Run(() => Fill(count, decode, cancellation), CancellationToken.None);

    /// <summary>Fills the batch up to <paramref name="count"/> images; those that are in it stay.</summary>
    /// <param name="count">Images, at most the capacity.</param>
    /// <param name="decode">Gives image <c>i</c>; called from several threads. What it throws becomes that image's fault.</param>
    /// <param name="cancellation">Ends between images.</param>
    public void Prepare(int count, Func<int, RgbImage> decode, CancellationToken cancellation)
    {
        // Runs here if no thread has begun it.
        _preparing.GetAwaiter().GetResult();
        Fill(count, decode, cancellation);
    }

    /// <summary>Throws the first image's fault, if any has one.</summary>
    public void ThrowIfAnyFaulty()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_faults[i] is { } fault) ExceptionDispatchInfo.Throw(fault);
        }
    }

    private void Fill(int count, Func<int, RgbImage> decode, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (count == Count) return;
        using DecodingTelemetry telemetry = DecodingTelemetry.Start(count - Count);
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        if (count - Count == 1) PrepareOne(Count, decode, cancellation);
        else Parallel.For(Count, count, options, i => PrepareOne(i, decode, cancellation));
        telemetry.Faults(_faults.AsSpan(Count..count));
        Count = count;
    }

    private void PrepareOne(int i, Func<int, RgbImage> decode, CancellationToken cancellation)
    {
        if (_cleared) return;
        Span<byte> destination = _pixels.AsSpan(i * preprocessing.ByteCount, preprocessing.ByteCount);
        long start = DecodingTelemetry.StartImage();
        try
        {
            ImagePreprocessor.Prepare(decode(i), preprocessing, destination);
            _faults[i] = null;
            DecodingTelemetry.ImageDone(start);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            DecodingTelemetry.ImageFailed(e);
            destination.Clear();
            _faults[i] = e;
        }
    }
}
