using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Swan.Benchmarks.Limits;

/// <summary>Sums of memory, whose best rate is what a search can reach.</summary>
internal static unsafe class MemoryReads
{
    private const int Ahead = 4096, Line = 64, Step = 64;

    /// <summary>Variants: which is best depends on the processor.</summary>
    public static readonly (string Name, Func<ReadOnlySpan<float>, float> Sum)[] All =
    [
        ("TensorPrimitives.Sum", static values => TensorPrimitives.Sum(values)),
        ("512 bits", static values => Wide(values, ahead: false)),
        ("512 bits, asked for ahead", static values => Wide(values, ahead: true)),
        ("256 bits", static values => Narrow(values)),
    ];

    private static float Wide(ReadOnlySpan<float> values, bool ahead)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector512<float> a = default, b = default, c = default, d = default;
        for (nuint i = 0; i + Step <= (nuint)values.Length; i += Step)
        {
            if (ahead && Sse.IsSupported)
            {
                byte* next = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref first, i)) + Ahead;
                for (int line = 0; line < Step * sizeof(float); line += Line) Sse.Prefetch0(next + line);
            }
            a += Vector512.LoadUnsafe(ref first, i);
            b += Vector512.LoadUnsafe(ref first, i + 16);
            c += Vector512.LoadUnsafe(ref first, i + 32);
            d += Vector512.LoadUnsafe(ref first, i + 48);
        }
        return Vector512.Sum(a + b + c + d);
    }

    private static float Narrow(ReadOnlySpan<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector256<float> a = default, b = default, c = default, d = default;
        for (nuint i = 0; i + 32 <= (nuint)values.Length; i += 32)
        {
            a += Vector256.LoadUnsafe(ref first, i);
            b += Vector256.LoadUnsafe(ref first, i + 8);
            c += Vector256.LoadUnsafe(ref first, i + 16);
            d += Vector256.LoadUnsafe(ref first, i + 24);
        }
        return Vector256.Sum(a + b + c + d);
    }
}
