using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.DataViews;
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

/// <summary>Images named by their paths.</summary>
internal sealed class ImagePathBatch : PixelBatch
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _path;
    private readonly string[] _paths;
    private readonly ImageDecodingOptions _limits;

    public ImagePathBatch(EmbeddingPass pass, int capacity) : base(pass, capacity)
    {
        _path = pass.Getter<ReadOnlyMemory<char>>();
        _paths = new string[capacity];
        _limits = new ImageDecodingOptions { MaxPixels = Context.Options.MaxPixels };
    }

    public override void Prepare() => BeginImages();

    protected override void Take(int slot)
    {
        ReadOnlyMemory<char> value = default;
        _path(ref value);
        // Joined with the image folder, an empty path would name the folder.
        string path = value.Span.IsWhiteSpace() ? "" : value.ToString();
        _paths[slot] = path.Length > 0 && Context.Options.ImageFolder is { } folder ? Path.Combine(folder, path) : path;
    }

    protected override RgbImage Decode(int slot) => ImageDecoder.Decode(_paths[slot], _limits);
}

/// <summary>Images that another component decoded, in the reader's thread; there is nothing left to prepare ahead.</summary>
internal sealed class ImageBatch : PixelBatch
{
    private readonly ValueGetter<MLImage> _image;
    private readonly RgbImage?[] _taken;
    private MLImage _current = null!;

    public ImageBatch(EmbeddingPass pass, int capacity) : base(pass, capacity)
    {
        _image = pass.Getter<MLImage>();
        _taken = new RgbImage?[capacity];
    }

    protected override void Take(int slot)
    {
        _image(ref _current);
        if (_current is null) throw new SwanImageException(Pass.Input.Name, ImageFault.Missing, "it is null; expected an image.");
        // Copied at once: the component before us may dispose it or draw the next row into it.
        _taken[slot] = ImageDecoder.FromMLImage(_current);
        // At most a few whole images are held at a time: a batch of large ones would fill the memory.
        if (Count - Images.Count >= Environment.ProcessorCount) PrepareImages();
    }

    protected override RgbImage Decode(int slot)
    {
        RgbImage image = _taken[slot]!;
        _taken[slot] = null;
        return image;
    }
}
