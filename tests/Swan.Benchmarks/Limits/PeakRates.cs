using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Swan.Benchmarks.Limits;

/// <summary>What a machine's processors reach at most: arithmetic on registers alone, and reading of memory alone.</summary>
internal static class PeakRates
{
    private const int Rounds = 4_000_000, FloatSums = 10, ByteSums = 10, Tries = 5;
    private const int MemoryFloats = 64 * 1024 * 1024;

    // Results go here, so that nothing is optimized away.
    private static float s_kept;

    /// <summary>Multiplications with additions of float32 a second, of one thread and of all.</summary>
    public static (double One, double All) FloatProducts()
    {
        int perRound = FloatSums * (Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector<float>.Count);
        return OneAndAll(Vector512.IsHardwareAccelerated ? Wide : Narrow, (long)perRound * Rounds);
    }

    /// <summary>Multiplications with additions of bytes a second; null where .NET has no instruction for them.</summary>
    /// <remarks>.NET has those of 256 bits; ONNX Runtime uses 512 where the processor has them, up to twice as many.</remarks>
    public static (double One, double All)? ByteProducts() =>
        AvxVnni.IsSupported ? OneAndAll(Bytes, (long)ByteSums * Vector256<byte>.Count * Rounds) : null;

    /// <summary>Bytes a second read from memory of 256 MB, which no cache holds, by the best of several sums.</summary>
    public static (double One, double All) Reading()
    {
        float[] memory = GC.AllocateUninitializedArray<float>(MemoryFloats);
        memory.AsSpan().Fill(1);
        int threads = Environment.ProcessorCount, share = MemoryFloats / threads;
        double one = MemoryReads.All.Min(read => Best(() => s_kept = read.Sum(memory)));
        double all = MemoryReads.All.Min(read => Best(
            () => Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads },
                t => s_kept = read.Sum(memory.AsSpan(t * share, share)))));
        return (sizeof(float) * (double)MemoryFloats / one, sizeof(float) * (double)share * threads / all);
    }

    private static (double One, double All) OneAndAll(Action work, long operations)
    {
        int threads = Environment.ProcessorCount;
        work();
        double one = Best(work), all = Best(
            () => Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => work()));
        return (operations / one, operations * (double)threads / all);
    }

    private static double Best(Action work) => Enumerable.Range(0, Tries).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });

    // Ten sums that don't wait for each other: two units with a latency of four or five cycles are never idle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide()
    {
        Vector512<float> x = Vector512.Create(1.000001f), y = Vector512.Create(1e-9f);
        Vector512<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y;
        for (int round = 0; round < Rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(a, x, y);
            b = Vector512.FusedMultiplyAdd(b, x, y);
            c = Vector512.FusedMultiplyAdd(c, x, y);
            d = Vector512.FusedMultiplyAdd(d, x, y);
            e = Vector512.FusedMultiplyAdd(e, x, y);
            f = Vector512.FusedMultiplyAdd(f, x, y);
            g = Vector512.FusedMultiplyAdd(g, x, y);
            h = Vector512.FusedMultiplyAdd(h, x, y);
            i = Vector512.FusedMultiplyAdd(i, x, y);
            j = Vector512.FusedMultiplyAdd(j, x, y);
        }
        s_kept = Vector512.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow()
    {
        Vector<float> x = new(1.000001f), y = new(1e-9f);
        Vector<float> a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y;
        for (int round = 0; round < Rounds; round++)
        {
            a = Vector.FusedMultiplyAdd(a, x, y);
            b = Vector.FusedMultiplyAdd(b, x, y);
            c = Vector.FusedMultiplyAdd(c, x, y);
            d = Vector.FusedMultiplyAdd(d, x, y);
            e = Vector.FusedMultiplyAdd(e, x, y);
            f = Vector.FusedMultiplyAdd(f, x, y);
            g = Vector.FusedMultiplyAdd(g, x, y);
            h = Vector.FusedMultiplyAdd(h, x, y);
            i = Vector.FusedMultiplyAdd(i, x, y);
            j = Vector.FusedMultiplyAdd(j, x, y);
        }
        s_kept = Vector.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Bytes()
    {
        Vector256<byte> x = Vector256.Create((byte)3);
        Vector256<sbyte> y = Vector256.Create((sbyte)1);
        Vector256<int> a = default, b = default, c = default, d = default, e = default;
        Vector256<int> f = default, g = default, h = default, i = default, j = default;
        for (int round = 0; round < Rounds; round++)
        {
            a = AvxVnni.MultiplyWideningAndAdd(a, x, y);
            b = AvxVnni.MultiplyWideningAndAdd(b, x, y);
            c = AvxVnni.MultiplyWideningAndAdd(c, x, y);
            d = AvxVnni.MultiplyWideningAndAdd(d, x, y);
            e = AvxVnni.MultiplyWideningAndAdd(e, x, y);
            f = AvxVnni.MultiplyWideningAndAdd(f, x, y);
            g = AvxVnni.MultiplyWideningAndAdd(g, x, y);
            h = AvxVnni.MultiplyWideningAndAdd(h, x, y);
            i = AvxVnni.MultiplyWideningAndAdd(i, x, y);
            j = AvxVnni.MultiplyWideningAndAdd(j, x, y);
        }
        s_kept = Vector256.Sum(a + b + c + d + e + f + g + h + i + j);
    }
}
