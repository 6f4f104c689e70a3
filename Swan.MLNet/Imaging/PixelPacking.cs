using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Swan.MLNet.Imaging;

/// <summary>Drops the fourth byte of four-byte pixels.</summary>
internal static class PixelPacking
{
    /// <summary>Packs pixels to RGB.</summary>
    /// <param name="source">Four bytes a pixel, alpha last.</param>
    /// <param name="destination">Three bytes for each of them.</param>
    /// <param name="red">0 for RGBA, 2 for BGRA.</param>
    public static void ToRgb(ReadOnlySpan<byte> source, Span<byte> destination, int red)
    {
        int pixels = destination.Length / 3, done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            byte r = (byte)red, b = (byte)(2 - red);
            Vector128<byte> order = Vector128.Create(
                r, 1, b, (byte)(r + 4), 5, (byte)(b + 4), (byte)(r + 8), 9, (byte)(b + 8), (byte)(r + 12), 13, (byte)(b + 12), 0x80, 0x80,
                0x80, 0x80);
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref byte to = ref MemoryMarshal.GetReference(destination);

            // Sixteen bytes are written for twelve that count, so the last pixels are left to the loop below.
            for (; done + 6 <= pixels; done += 4)
                Vector128.StoreUnsafe(Vector128.Shuffle(Vector128.LoadUnsafe(ref from, (nuint)done * 4), order), ref to, (nuint)done * 3);
        }

        for (; done < pixels; done++)
        {
            destination[done * 3] = source[done * 4 + red];
            destination[done * 3 + 1] = source[done * 4 + 1];
            destination[done * 3 + 2] = source[done * 4 + 2 - red];
        }
    }
}
