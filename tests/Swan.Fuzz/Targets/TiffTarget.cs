using BitMiracle.LibTiff.Classic;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Fuzz;

/// <summary>TIFF: decoded whole, twice, with the same pixels.</summary>
internal sealed class TiffTarget : FuzzTarget
{
    private static readonly ImageDecodingOptions s_options = new() { MaxPixels = 1 << 20 };

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        byte[] noise = ImageFiles.Noise(20, 15);
        yield return ("gray.tif", EncodedImages.Tiff());
        foreach (Compression compression in (Compression[])[Compression.NONE, Compression.LZW, Compression.PACKBITS, Compression.ADOBE_DEFLATE])
        {
            yield return ($"{compression}-strips.tif".ToLowerInvariant(), ImageFiles.Tiff(20, 20, 8, 3, Photometric.RGB, noise, tiff =>
            {
                tiff.SetField(TiffTag.COMPRESSION, compression);
                tiff.SetField(TiffTag.ROWSPERSTRIP, 7);
            }));
        }
        yield return ("predicted.tif", ImageFiles.Tiff(20, 20, 8, 3, Photometric.RGB, noise, tiff =>
        {
            tiff.SetField(TiffTag.COMPRESSION, Compression.LZW);
            tiff.SetField(TiffTag.PREDICTOR, Predictor.HORIZONTAL);
        }));
        yield return ("deep.tif", ImageFiles.Tiff(10, 20, 16, 3, Photometric.RGB, noise, _ => { }));
        yield return ("bilevel.tif", ImageFiles.Tiff(16, 20, 1, 1, Photometric.MINISBLACK, noise[..40], tiff =>
            tiff.SetField(TiffTag.COMPRESSION, Compression.CCITTFAX4)));
    }

    public override void Run(byte[] bytes)
    {
        if (bytes is not [0x49, 0x49, ..] and not [0x4D, 0x4D, ..]) return;
        if (Decoded(bytes) is not RgbImage first) return;
        if (Decoded(bytes) is not RgbImage second || !first.Pixels.AsSpan().SequenceEqual(second.Pixels))
            throw Broken("the same file was decoded to other pixels");
    }

    private static RgbImage? Decoded(byte[] bytes)
    {
        try
        {
            return ImageDecoder.Decode(bytes, "fuzzed", s_options);
        }
        catch (SwanImageException)
        {
            return null;
        }
    }
}
