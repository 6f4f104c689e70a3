using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>Encoded images in memory: copied when their row is read, decoded like files.</summary>
internal sealed class ImageBytesBatch : PixelBatch
{
    private readonly ValueGetter<VBuffer<byte>> _bytes;

    // Each slot keeps its buffer from batch to batch.
    private readonly byte[][] _files;
    private readonly int[] _lengths;
    private readonly string[] _names;
    private readonly ImageDecodingOptions _limits;
    private VBuffer<byte> _current;

    public ImageBytesBatch(EmbeddingPass pass, int capacity) : base(pass, capacity)
    {
        _bytes = pass.Getter<VBuffer<byte>>();
        _files = new byte[capacity][];
        _lengths = new int[capacity];
        _names = new string[capacity];
        _limits = new ImageDecodingOptions { MaxPixels = Context.Options.MaxPixels };
    }

    public override void Prepare() => BeginImages();

    protected override void Take(int slot)
    {
        _bytes(ref _current);
        if (_files[slot] is null || _files[slot].Length < _current.Length) _files[slot] = new byte[_current.Length];
        _current.CopyTo(_files[slot]);
        _lengths[slot] = _current.Length;
        _names[slot] = $"{Pass.Input.Name} of row {Pass.Position}";
    }

    protected override RgbImage Decode(int slot) => ImageDecoder.Decode(_files[slot].AsMemory(0, _lengths[slot]), _names[slot], _limits);
}
