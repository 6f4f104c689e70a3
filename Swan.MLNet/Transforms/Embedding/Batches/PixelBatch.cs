using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Transforms;

/// <summary>Image batches: images are decoded and resized in parallel, then encoded together.</summary>
internal abstract class PixelBatch : EmbeddingBatch
{
    private readonly RotationAverage _encoder;
    private readonly Func<int, IncomingImage> _image;

    // The buffers of rows that are taken but not decoded yet.
    private readonly PooledBuffer?[] _lent;

    protected PixelBatch(EmbeddingPass pass, int capacity) : base(pass, capacity, pass.Context.Lease.Images.EmbeddingSize)
    {
        _encoder = new RotationAverage(Context.Lease.Images, Context.Options.Rotations, capacity);
        _lent = new PooledBuffer?[capacity];
        Images = new PreparedImages(Context.Lease.Images.Preprocessing, capacity);
        // A fault of the value is also the image's fault.
        _image = slot => Failure(slot) is { } cause ? new IncomingPicture(() => throw cause) : Image(slot);
    }

    protected internal PreparedImages Images { get; }

    public override void Clear()
    {
        Images.Clear();
        GiveBack();
        base.Clear();
    }

    public override void Dispose()
    {
        Images.Dispose();
        GiveBack();
        base.Dispose();
    }

    protected override ImageReading? Reading(int slot) => Images.Reading(slot);

    /// <summary>The image of a slot, not read or decoded yet.</summary>
    protected abstract IncomingImage Image(int slot);

    /// <summary>Gives a buffer for what a row holds.</summary>
    protected PooledBuffer Lend(int slot, int bytes) => _lent[slot] = WorkFrame.Process.Buffers.Rent(bytes);

    /// <summary>Hands a row's buffer on to the image that is made of it.</summary>
    protected PooledBuffer? HandOn(int slot)
    {
        PooledBuffer? lent = _lent[slot];
        _lent[slot] = null;
        return lent;
    }

    /// <summary>Decodes, in the background, what was added.</summary>
    protected void BeginImages() => Images.Begin(Count, _image, Cancellation);

    /// <summary>Decodes the first of what was added.</summary>
    protected void PrepareImages(int count) => Images.Prepare(count, _image, Cancellation);

    protected override void Encode(Span<float> embeddings)
    {
        PrepareImages(Count);
        for (int slot = 0; slot < Count; slot++)
        {
            if (Images.Fault(slot) is { } cause) SetFailure(slot, cause);
        }
        ReadOnlySpan<byte> pixels = Images.Pack(out ReadOnlySpan<int> slots);
        if (slots.Length > 0) _encoder.Encode(pixels, slots.Length, embeddings, Cancellation);
        SpreadOut(embeddings, slots);
        // An unreferenced cursor would release its buffer while the encoder uses it.
        GC.KeepAlive(Images);
    }

    private void GiveBack()
    {
        foreach (PooledBuffer? lent in _lent) lent?.Dispose();
        Array.Clear(_lent);
    }
}
