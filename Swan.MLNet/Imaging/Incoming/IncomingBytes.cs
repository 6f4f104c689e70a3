namespace Swan.MLNet.Imaging;

/// <summary>An encoded image in memory; its creator counts its bytes.</summary>
internal sealed class IncomingBytes(ReadOnlyMemory<byte> bytes, string name, ImageDecodingOptions options) : IncomingImage
{
    private ReadOnlyMemory<byte> _bytes = bytes;

    public override RgbImage Decode() => ImageDecoder.Decode(_bytes, name, options);

    public override void Dispose()
    {
        _bytes = default;
        base.Dispose();
    }
}
