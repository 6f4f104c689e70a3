using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

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
        try
        {
            _image(ref _current);
        }
        catch (ArgumentException e)
        {
            // What ML.NET's LoadImages says of a file that is missing or damaged.
            throw new SwanImageException(Pass.Input.Name, ImageFault.Unreadable, $"the step before could not load it: {e.Message}", e);
        }
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
