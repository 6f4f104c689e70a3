using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>Image batches: images are decoded and resized in parallel, then encoded together.</summary>
internal abstract class PixelBatch : EmbeddingBatch
{
    private readonly RotationAverage _encoder;
    private readonly Func<int, RgbImage> _decode;

    protected PixelBatch(EmbeddingPass pass, int capacity) : base(pass, capacity, pass.Context.Lease.Images.EmbeddingSize)
    {
        _encoder = new RotationAverage(Context.Lease.Images, Context.Options.Rotations, capacity);
        Images = new PreparedImages(Context.Lease.Images.Preprocessing, capacity);
        // What was wrong with the value is wrong with the image.
        _decode = slot => Failure(slot) is { } cause ? throw cause : Decode(slot);
    }

    protected internal PreparedImages Images { get; }

    public override void Clear()
    {
        Images.Clear();
        base.Clear();
    }

    public override void Dispose()
    {
        Images.Clear();
        base.Dispose();
    }

    protected abstract RgbImage Decode(int slot);

    /// <summary>Decodes, in the background, what was added.</summary>
    protected void BeginImages() => Images.Begin(Count, _decode, Cancellation);

    /// <summary>Decodes what was added.</summary>
    protected void PrepareImages() => Images.Prepare(Count, _decode, Cancellation);

    protected override void Encode(Span<float> embeddings)
    {
        PrepareImages();
        for (int slot = 0; slot < Count; slot++)
        {
            if (Images.Fault(slot) is { } cause) SetFailure(slot, cause);
        }
        if (!Images.AllFaulty) _encoder.Encode(Images.Pixels, Count, embeddings, Cancellation);
    }
}
