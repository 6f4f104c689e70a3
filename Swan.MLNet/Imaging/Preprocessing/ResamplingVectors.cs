using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Imaging;

/// <summary>The passes of <see cref="BilinearResampler"/> with AVX2: the same bytes as plain arithmetic gives.</summary>
/// <remarks>
/// One instruction multiplies and adds two 16-bit numbers. Weights have 23 bits, so their halves are multiplied separately and their sums
/// combined at the end without losing a bit.
/// </remarks>
internal static class ResamplingVectors
{
    private const int Lanes = 32;

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Mixes a row's pixels. The row reaches to <see cref="ResamplingWindows.Reach"/> at least.</summary>
    public static void MixPixels(ReadOnlySpan<byte> row, ResamplingWindows windows, Span<byte> target)
    {
        const byte Z = 0x80;
        Vector128<byte> first = Vector128.Create(0, Z, 3, Z, 1, Z, 4, Z, 2, Z, 5, Z, Z, Z, Z, Z);
        Vector128<byte> second = Vector128.Create(6, Z, 9, Z, 7, Z, 10, Z, 8, Z, 11, Z, Z, Z, Z, Z);
        ref byte from = ref MemoryMarshal.GetReference(row);
        int last = target.Length / 3 - 1;
        for (int x = 0; x <= last; x++)
        {
            ref byte window = ref Unsafe.Add(ref from, windows.First[x] * 3);
            ReadOnlySpan<int> high = windows.HighPairs(x), low = windows.LowPairs(x)[..high.Length];
            Vector128<int> highs = Vector128<int>.Zero, lows = Vector128.Create(ResamplingWindows.Half);
            for (int pair = 0; pair + 1 < high.Length; pair += 2)
            {
                Vector128<byte> pixels = Vector128.LoadUnsafe(ref window, (nuint)pair * 6);
                Vector128<short> a = Ssse3.Shuffle(pixels, first).AsInt16(), b = Ssse3.Shuffle(pixels, second).AsInt16();
                highs += Sse2.MultiplyAddAdjacent(a, Vector128.Create(high[pair]).AsInt16())
                    + Sse2.MultiplyAddAdjacent(b, Vector128.Create(high[pair + 1]).AsInt16());
                lows += Sse2.MultiplyAddAdjacent(a, Vector128.Create(low[pair]).AsInt16())
                    + Sse2.MultiplyAddAdjacent(b, Vector128.Create(low[pair + 1]).AsInt16());
            }
            Vector128<int> levels = (highs << ResamplingWindows.LowBits) + lows >> ResamplingWindows.PrecisionBits;
            Vector128<short> words = Sse2.PackSignedSaturate(levels, levels);
            uint bytes = Sse2.PackUnsignedSaturate(words, words).AsUInt32().ToScalar();
            // Four bytes are written for three, but for the last pixel.
            if (x < last) Unsafe.WriteUnaligned(ref target[x * 3], bytes);
            else (target[x * 3], target[x * 3 + 1], target[x * 3 + 2]) = ((byte)bytes, (byte)(bytes >> 8), (byte)(bytes >> 16));
        }
    }

    /// <summary>Mixes rows, as far as whole vectors go.</summary>
    /// <param name="rows">As many rows as there are weights, one after another.</param>
    /// <param name="weights">How many.</param>
    /// <param name="high">The weights' pairs (<see cref="ResamplingWindows.HighPairs"/>).</param>
    /// <param name="low">The other halves.</param>
    /// <param name="target">A row.</param>
    /// <returns>How many of its bytes were made.</returns>
    public static int MixRows(ReadOnlySpan<byte> rows, int weights, ReadOnlySpan<int> high, ReadOnlySpan<int> low, Span<byte> target)
    {
        int stride = target.Length, x = 0;
        for (; x + Lanes <= stride; x += Lanes) MixColumns(rows[x..], stride, weights, high, low).StoreUnsafe(ref target[x]);
        return x;
    }

    private static Vector256<byte> MixColumns(
        ReadOnlySpan<byte> rows, int stride, int weights, ReadOnlySpan<int> high, ReadOnlySpan<int> low)
    {
        Vector256<int> half = Vector256.Create(ResamplingWindows.Half), lowA = half, lowB = half, lowC = half, lowD = half;
        Vector256<int> highA = Vector256<int>.Zero, highB = highA, highC = highA, highD = highA;
        Vector256<byte> zero = Vector256<byte>.Zero;
        for (int row = 0; row < weights; row += 2)
        {
            // Without a second row its weight is 0.
            Vector256<byte> one = Vector256.Create(rows.Slice(row * stride, Lanes));
            Vector256<byte> other = row + 1 < weights ? Vector256.Create(rows.Slice((row + 1) * stride, Lanes)) : one;
            Vector256<byte> even = Avx2.UnpackLow(one, other), odd = Avx2.UnpackHigh(one, other);
            Vector256<short> a = Avx2.UnpackLow(even, zero).AsInt16(), b = Avx2.UnpackHigh(even, zero).AsInt16();
            Vector256<short> c = Avx2.UnpackLow(odd, zero).AsInt16(), d = Avx2.UnpackHigh(odd, zero).AsInt16();
            Vector256<short> highs = Vector256.Create(high[row / 2]).AsInt16(), lows = Vector256.Create(low[row / 2]).AsInt16();
            highA += Avx2.MultiplyAddAdjacent(a, highs);
            highB += Avx2.MultiplyAddAdjacent(b, highs);
            highC += Avx2.MultiplyAddAdjacent(c, highs);
            highD += Avx2.MultiplyAddAdjacent(d, highs);
            lowA += Avx2.MultiplyAddAdjacent(a, lows);
            lowB += Avx2.MultiplyAddAdjacent(b, lows);
            lowC += Avx2.MultiplyAddAdjacent(c, lows);
            lowD += Avx2.MultiplyAddAdjacent(d, lows);
        }
        return Avx2.PackUnsignedSaturate(
            Avx2.PackSignedSaturate(Levels(highA, lowA), Levels(highB, lowB)),
            Avx2.PackSignedSaturate(Levels(highC, lowC), Levels(highD, lowD)));
    }

    private static Vector256<int> Levels(Vector256<int> high, Vector256<int> low) =>
        (high << ResamplingWindows.LowBits) + low >> ResamplingWindows.PrecisionBits;
}
