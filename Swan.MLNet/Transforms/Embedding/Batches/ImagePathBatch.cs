using Microsoft.ML;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>Images named by their paths.</summary>
internal sealed class ImagePathBatch : PixelBatch
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _path;
    private readonly string[] _paths;
    private readonly ImageDecodingOptions _decoding;
    private readonly FolderFence? _fence;

    public ImagePathBatch(EmbeddingPass pass, int capacity) : base(pass, capacity)
    {
        _path = pass.Getter<ReadOnlyMemory<char>>();
        _paths = new string[capacity];
        _decoding = Context.Options.DecodingFor(Context.Lease.Images.Preprocessing);
        _fence = Context.Options.Fence;
    }

    public override void Prepare() => BeginImages();

    protected override void Take(int slot)
    {
        ReadOnlyMemory<char> value = default;
        _path(ref value);
        _paths[slot] = value.Span.IsWhiteSpace() ? "" : value.ToString();
    }

    protected override IncomingImage Image(int slot) => new IncomingFile(_paths[slot], _decoding, Context.Options.ImageFolder, _fence);
}
