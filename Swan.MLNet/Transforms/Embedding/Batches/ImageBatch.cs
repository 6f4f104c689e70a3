using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Transforms;

/// <summary>Images that another component decoded, in the reader's thread; there is nothing left to prepare ahead.</summary>
internal sealed class ImageBatch : PixelBatch
{
    private readonly ValueGetter<MLImage> _image;
    private readonly RgbImage?[] _taken;
    private readonly CursorPermit _held = WorkFrame.Process.Rows.HoldForCursor();
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
            // ML.NET's LoadImages throws this for a file that is missing, damaged or can't be opened now.
            MachineFault.ThrowIfNoFileOpens();
            throw new SwanImageException(Pass.Input.Name, ImageFault.Unreadable, $"the step before could not load it: {e.Message}", e);
        }
        if (_current is null) throw new SwanImageException(Pass.Input.Name, ImageFault.Missing, "it is null; expected an image.");
        // Copied at once: the component before us may dispose it or draw the next row into it. Not waited for: it may need what we hold.
        bool room = _held.TryTake(BytesOf(_current));
        if (!room)
        {
            Resize(slot);
            _held.Take(BytesOf(_current));
        }
        _taken[slot] = ImageDecoder.FromMLImage(_current, bytes => Lend(slot, bytes));
        // At most a few whole images are held at a time: a batch of large ones would fill the memory.
        if (!room || Count - Images.Count >= SwanResources.MaxDecodes) Resize(Count);
    }

    public override void Clear()
    {
        base.Clear();
        _held.Dispose();
    }

    public override void Dispose()
    {
        base.Dispose();
        _held.Dispose();
    }

    protected override IncomingImage Image(int slot)
    {
        RgbImage image = _taken[slot]!;
        _taken[slot] = null;
        return new IncomingPicture(() => image) { Owned = HandOn(slot) };
    }

    private static long BytesOf(MLImage image) => 3L * image.Width * image.Height;

    private void Resize(int count)
    {
        PrepareImages(count);
        _held.Dispose();
    }
}
