namespace Swan.MLNet.Imaging;

/// <summary>An image that a caller makes.</summary>
/// <param name="decode">Makes it, or throws why there is none.</param>
internal sealed class IncomingPicture(Func<RgbImage> decode) : IncomingImage
{
    private Func<RgbImage>? _decode = decode;

    public override bool IsMadeByCaller => true;

    public override RgbImage Decode() => _decode!();

    public override void Dispose()
    {
        _decode = null;
        base.Dispose();
    }
}
