using Microsoft.ML;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Transforms;

/// <summary>Images named by their paths.</summary>
internal sealed class ImagePathBatch : PixelBatch
{
    private readonly ValueGetter<ReadOnlyMemory<char>> _path;
    private readonly string[] _paths;
    private readonly ImageDecodingOptions _decoding;

    public ImagePathBatch(EmbeddingPass pass, int capacity) : base(pass, capacity)
    {
        _path = pass.Getter<ReadOnlyMemory<char>>();
        _paths = new string[capacity];
        _decoding = Context.Options.Decoding;
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

    protected override IncomingImage Image(int slot) => new IncomingFile(_paths[slot], _decoding);
}
