using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>Encoded images in memory: copied when their row is read, decoded like files.</summary>
internal sealed class ImageBytesBatch : PixelBatch
{
    private readonly ValueGetter<VBuffer<byte>> _bytes;

    private readonly byte[]?[] _files;
    private readonly string[] _names;
    private readonly ImageDecodingOptions _decoding;
    private VBuffer<byte> _current;

    public ImageBytesBatch(EmbeddingPass pass, int capacity) : base(pass, capacity)
    {
        _bytes = pass.Getter<VBuffer<byte>>();
        _files = new byte[capacity][];
        _names = new string[capacity];
        _decoding = Context.Options.Decoding;
    }

    public override void Prepare() => BeginImages();

    protected override void Take(int slot)
    {
        _bytes(ref _current);
        byte[] file = new byte[_current.Length];
        _current.CopyTo(file);
        _files[slot] = file;
        _names[slot] = $"{Pass.Input.Name} of row {Pass.Position}";
    }

    protected override IncomingImage Image(int slot)
    {
        byte[] file = _files[slot]!;
        _files[slot] = null; // the bytes are not needed beside the pixels
        return new IncomingBytes(file, _names[slot], _decoding);
    }
}
