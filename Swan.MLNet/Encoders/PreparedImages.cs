using System.Runtime.ExceptionServices;
using Swan.MLNet.Diagnostics;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Encoders;

/// <summary>A batch of images in the encoder's format, decoded and resized in parallel into one reused buffer.</summary>
/// <remarks>Not safe for concurrent use: one per cursor. An image that can't be read leaves black pixels and its fault.</remarks>
internal sealed class PreparedImages(ImagePreprocessing preprocessing, int capacity) : IDisposable
{
    private readonly PooledBuffer _pixels = WorkFrame.Process.Buffers.Rent(checked(capacity * preprocessing.ByteCount));
    private readonly Exception?[] _faults = new Exception?[capacity];
    private readonly ImageReading?[] _readings = new ImageReading?[capacity];
    private Task _preparing = Task.CompletedTask;
    private CancellationTokenSource? _stop;
    private int[]? _packed;

    /// <summary>Images in the batch.</summary>
    public int Count { get; private set; }

    /// <summary><c>Pixels[((i * S + y) * S + x) * 3 + channel]</c>; not after this is disposed or packed.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Span[..(Count * preprocessing.ByteCount)];

    /// <summary>Why image <paramref name="i"/> can't be read, or null.</summary>
    public Exception? Fault(int i) => _faults[i];

    /// <summary>How image <paramref name="i"/> was read; null where it was not, or was no file.</summary>
    public ImageReading? Reading(int i) => _readings[i];

    /// <summary>The pixels of the images that could be read, one after another; the batch gets no more images before it is
    /// cleared.</summary>
    /// <param name="places">Gets the places of these images in the batch, ascending.</param>
    public ReadOnlySpan<byte> Pack(out ReadOnlySpan<int> places)
    {
        if (_packed is null)
        {
            _packed = [.. Enumerable.Range(0, Count).Where(i => _faults[i] is null)];
            for (int to = 0; to < _packed.Length; to++)
            {
                if (_packed[to] != to) PixelsOf(_packed[to]).CopyTo(PixelsOf(to));
            }
        }
        places = _packed;
        return _pixels.Span[..(_packed.Length * preprocessing.ByteCount)];
    }

    /// <summary>Forgets the images; waits for those that are being decoded, not for those that wait for their turn.</summary>
    public void Clear()
    {
        _stop?.Cancel();
        // Never leave a decoder running that writes into our buffer.
        _preparing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        _stop?.Dispose();
        (_preparing, _stop, _packed, Count) = (Task.CompletedTask, null, null, 0);
    }

    /// <summary>Clears it and gives its buffer to others.</summary>
    public void Dispose()
    {
        Clear();
        _pixels.Dispose();
    }

    /// <summary>Begins what <see cref="Prepare"/> does, in the background. Prepare or <see cref="Clear"/> comes next.</summary>
    public void Begin(int count, Func<int, IncomingImage> image, CancellationToken cancellation)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        CancellationToken stop = _stop.Token;
        try
        {
            _preparing = Task.Run(() => Fill(count, image, stop), CancellationToken.None);
        }
        catch (TaskSchedulerException)
        {
            // The system has no thread to give. Prepare does the work, and meets any other shortage.
        }
    }

    /// <summary>Fills the batch up to <paramref name="count"/> images; those that are in it stay.</summary>
    /// <param name="count">Images, at most the capacity.</param>
    /// <param name="image">Gives image <c>i</c>, quickly. What reading and decoding it throws becomes that image's fault.</param>
    /// <param name="cancellation">Ends between images, and what waits for its turn at once.</param>
    public void Prepare(int count, Func<int, IncomingImage> image, CancellationToken cancellation)
    {
        try
        {
            _preparing.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
        Fill(count, image, cancellation);
    }

    /// <summary>Throws the first image's fault, if any has one.</summary>
    public void ThrowIfAnyFaulty()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_faults[i] is { } fault) ExceptionDispatchInfo.Throw(fault);
        }
    }

    private Span<byte> PixelsOf(int i) => _pixels.Span.Slice(i * preprocessing.ByteCount, preprocessing.ByteCount);

    private void Fill(int count, Func<int, IncomingImage> image, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (count == Count) return;
        using DecodingTelemetry telemetry = DecodingTelemetry.Start(count - Count);
        using var incoming = new IncomingBatch(Count, count, image);
        int workers = Math.Min(count - Count, SwanResources.MaxDecodes);
        ParallelWork.Share(workers, () => PrepareAll(incoming, cancellation), cancellation);
        telemetry.Faults(_faults.AsSpan(Count..count));
        Count = count;
    }

    // In order, so files that are read ahead leave in the order of their arrival.
    private void PrepareAll(IncomingBatch incoming, CancellationToken cancellation)
    {
        while (incoming.TryNext(out int i, out AheadRead read))
        {
            cancellation.ThrowIfCancellationRequested();
            using (read) PrepareOne(i, read, cancellation);
        }
    }

    private void PrepareOne(int i, AheadRead read, CancellationToken cancellation)
    {
        Span<byte> destination = PixelsOf(i);
        try
        {
            IncomingImage image = read.Take(cancellation);
            long start = DecodingTelemetry.StartImage();
            // A caller's code may wait for others that decode: it runs outside of a turn, which they may need.
            RgbImage? made = image.IsMadeByCaller ? image.Decode() : null;
            using DecodeTurn turn = DecodeTurn.Begin(cancellation);
            if (made is null) start = DecodingTelemetry.StartImage();
            RgbImage pixels = made ?? image.Decode();
            ImagePreprocessor.Prepare(pixels, preprocessing, destination);
            (_faults[i], _readings[i]) = (null, pixels.Reading);
            DecodingTelemetry.ImageDone(start);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellation.IsCancellationRequested))
        {
            DecodingTelemetry.ImageFailed(e);
            destination.Clear();
            (_faults[i], _readings[i]) = (e, null);
        }
    }
}
