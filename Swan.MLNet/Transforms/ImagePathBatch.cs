using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Encoders;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>Image batches: images are decoded and resized in parallel, then encoded in one run.</summary>
internal abstract class PixelBatch : EmbeddingBatch
{
    private readonly RotationAverage _encoder;
    private readonly PreparedImages _images;
    private readonly Func<int, RgbImage> _decode;

    protected PixelBatch(EmbeddingWork work, DataViewRow row, DataViewSchema.Column input, int capacity)
        : base(work, row, input, capacity, work.Lease.Images.EmbeddingSize)
    {
        _encoder = new RotationAverage(work.Lease.Images, work.Options.Rotations, capacity);
        _images = new PreparedImages(work.Lease.Images.Preprocessing, capacity);
        _decode = Decode;
    }

    protected abstract RgbImage Decode(int slot);

    protected override void Encode(Span<float> embeddings)
    {
        if (Count == 0) return;
        _images.Prepare(Count, _decode, Cancellation);
        for (int slot = 0; slot < Count; slot++)
        {
            // A fault found while taking the value says more than the one that decoding found after it.
            if (_images.Fault(slot) is { } fault && !HasFault(slot)) SetFault(slot, fault);
        }
        if (_images.AllFaulty) return;
        _encoder.Encode(_images.Pixels, Count, embeddings, Cancellation);
    }
}

/// <summary>Images named by their paths.</summary>
internal sealed class ImagePathBatch : PixelBatch
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _path;
    private readonly string[] _paths;

    public ImagePathBatch(EmbeddingWork work, DataViewRow row, DataViewSchema.Column input, int capacity) : base(work, row, input, capacity)
    {
        _path = row.GetGetter<ReadOnlyMemory<char>>(input);
        _paths = new string[capacity];
    }

    protected override void Take(int slot)
    {
        ReadOnlyMemory<char> value = default;
        _path(ref value);
        _paths[slot] = "";
        if (value.Span.IsWhiteSpace())
            throw new InvalidDataException("the image's path is empty; expected the path of an image file.");
        string path = value.ToString();
        _paths[slot] = Work.Options.ImageFolder is { } folder ? Path.Combine(folder, path) : path;
    }

    protected override RgbImage Decode(int slot) => HasFault(slot) ? throw new InvalidDataException("not read") : ImageDecoder.Decode(_paths[slot]);
}

/// <summary>Images that another component decoded.</summary>
internal sealed class ImageBatch : PixelBatch
{
    private readonly ValueGetter<MLImage> _image;
    private readonly RgbImage?[] _taken;
    private MLImage _current = null!;

    public ImageBatch(EmbeddingWork work, DataViewRow row, DataViewSchema.Column input, int capacity) : base(work, row, input, capacity)
    {
        _image = row.GetGetter<MLImage>(input);
        _taken = new RgbImage?[capacity];
    }

    protected override void Take(int slot)
    {
        _taken[slot] = null;
        _image(ref _current);
        if (_current is null) throw new InvalidDataException("the image is missing (null).");
        // Copied at once: the component before us may dispose it or draw the next row into it.
        _taken[slot] = ImageDecoder.FromMLImage(_current);
    }

    protected override RgbImage Decode(int slot)
    {
        RgbImage image = _taken[slot] ?? throw new InvalidDataException("not read");
        _taken[slot] = null;
        return image;
    }
}
