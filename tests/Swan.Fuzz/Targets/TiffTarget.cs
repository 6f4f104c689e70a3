using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Fuzz;

/// <summary>TIFF: decoded whole, twice, with the same pixels; windows of its images are parts of the whole.</summary>
internal sealed class TiffTarget : FuzzTarget
{
    private const int MaxBands = 16, MaxWindowBytes = 1 << 22;

    private static readonly ImageDecodingOptions s_options = new() { MaxPixels = 1 << 20 };

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        byte[] noise = ImageFiles.Noise(20, 15);
        yield return ("gray.tif", EncodedImages.Tiff());
        Compression[] compressions = [Compression.NONE, Compression.LZW, Compression.PACKBITS, Compression.ADOBE_DEFLATE];
        foreach (Compression compression in compressions)
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
        if (Decoded(bytes) is RgbImage first
            && (Decoded(bytes) is not RgbImage second || !first.Pixels.AsSpan().SequenceEqual(second.Pixels)))
        {
            throw Broken("the same file was decoded to other pixels");
        }
        try
        {
            using TiffFile file = TiffFile.Open(bytes, "fuzzed", s_options);
            ReadWindows(file.Image);
            foreach (TiffImage overview in file.Overviews) ReadWindows(overview);
            if (file.Mask is { } mask) ReadWindows(mask);
        }
        catch (SwanImageException)
        {
            // Refused.
        }
    }

    // The whole, and a part of it, which is a part of the whole.
    private static void ReadWindows(TiffImage image)
    {
        int width = image.Fields.Width, height = image.Fields.Height, bands = Math.Min(image.Fields.Samples, MaxBands);
        if ((long)width * height * bands * image.Fields.SampleType.Bytes() > MaxWindowBytes) (width, height) = (1, 1);
        int[] all = [.. Enumerable.Range(0, bands)], last = [bands - 1];
        TiffWindow whole = image.Read(new(0, 0, width, height), all);
        int x = width / 3, y = height / 2;
        TiffWindow part = image.Read(new(x, y, width - x, height - y), last);
        float[] expected = new float[width], found = new float[width - x];
        for (int row = 0; row < part.Height; row++)
        {
            whole.Row(y + row, bands - 1).CopyTo(expected);
            part.Row(row, 0).CopyTo(found);
            if (!MemoryMarshal.AsBytes(found.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan(x))))
                throw Broken($"row {row} of a window is not that of the whole");
        }
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
