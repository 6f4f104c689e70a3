using System.Diagnostics;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Jobs;

/// <summary>An image on its way to pixels, which says how long it was decoded.</summary>
internal sealed class TimedImage(ReadImage image, ImageDecodingOptions options) : IncomingImage
{
    public override RgbImage Decode()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            return ImageDecoder.Decode(image.Bytes!.Memory, image.Input.Key, options);
        }
        finally
        {
            image.DecodeTime = Stopwatch.GetElapsedTime(start);
        }
    }
}
