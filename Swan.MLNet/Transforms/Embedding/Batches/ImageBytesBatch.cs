using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Transforms;

/// <summary>Encoded images in memory: copied when their row is read, decoded like files.</summary>
internal sealed class ImageBytesBatch : PixelBatch
{
    private readonly ValueGetter<VBuffer<byte>> _bytes;

    private readonly string[] _names;
    private readonly ImageDecodingOptions _decoding;
    private VBuffer<byte> _current;

    public ImageBytesBatch(EmbeddingPass pass, int capacity) : base(pass, capacity)
    {
        _bytes = pass.Getter<VBuffer<byte>>();
        _names = new string[capacity];
        _decoding = Context.Options.DecodingFor(Context.Lease.Images.Preprocessing);
    }

    public override void Prepare() => BeginImages();

    protected override void Take(int slot)
    {
        _bytes(ref _current);
        _current.CopyTo(Lend(slot, _current.Length).Span);
        _names[slot] = $"{Pass.Input.Name} of row {Pass.Position}";
    }

    protected override IncomingImage Image(int slot)
    {
        PooledBuffer file = HandOn(slot)!;
        return new IncomingBytes(file.Memory, _names[slot], _decoding) { Owned = file };
    }
}
