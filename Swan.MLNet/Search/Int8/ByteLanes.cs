using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Swan.MLNet.Search;

/// <summary>AVX-512 without products of bytes: pairs to 16 bits, which queries of 7 bits don't overflow, then pairs of those.</summary>
internal readonly struct ByteLanes512 : IByteLanes<Vector512<byte>, Vector512<int>>
{
    public static int Count => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(ref byte source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Repeat(ref sbyte source, nuint offset) =>
        Vector512.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref source, offset)))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<byte> codes, Vector512<byte> query, Vector512<int> sums) =>
        sums + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(codes, query.AsSByte()), Vector512<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> sums, ref int destination, nuint offset) => sums.StoreUnsafe(ref destination, offset);
}

/// <summary>AVX2: as <see cref="ByteLanes512"/>.</summary>
internal readonly struct ByteLanes256 : IByteLanes<Vector256<byte>, Vector256<int>>
{
    public static int Count => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(ref byte source, nuint offset) => Vector256.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Repeat(ref sbyte source, nuint offset) =>
        Vector256.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref source, offset)))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<byte> codes, Vector256<byte> query, Vector256<int> sums) =>
        sums + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, query.AsSByte()), Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sums, ref int destination, nuint offset) => sums.StoreUnsafe(ref destination, offset);
}

/// <summary>AVX-VNNI: four products and their sum at once.</summary>
internal readonly struct ByteLanesVnni : IByteLanes<Vector256<byte>, Vector256<int>>
{
    public static int Count => ByteLanes256.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(ref byte source, nuint offset) => ByteLanes256.Load(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Repeat(ref sbyte source, nuint offset) => ByteLanes256.Repeat(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<byte> codes, Vector256<byte> query, Vector256<int> sums) =>
        AvxVnni.MultiplyWideningAndAdd(sums, codes, query.AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> sums, ref int destination, nuint offset) => ByteLanes256.Store(sums, ref destination, offset);
}

/// <summary>Any processor, and products of bytes where it has them. Queries may be from -64 to 64.</summary>
/// <remarks>Tests run what their processor has: the products of bytes, which are Arm's, have run in none so far.</remarks>
internal readonly struct ByteLanes128 : IByteLanes<Vector128<byte>, Vector128<int>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(ref byte source, nuint offset) => Vector128.LoadUnsafe(ref source, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Repeat(ref sbyte source, nuint offset) =>
        Vector128.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref source, offset)))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<byte> codes, Vector128<byte> query, Vector128<int> sums)
    {
        if (Dp.IsSupported)
        {
            // Signed by signed: the codes without the 128 that is added to them, and that times the query.
            Vector128<sbyte> signed = (codes ^ Vector128.Create((byte)128)).AsSByte();
            Vector128<int> half = Dp.DotProduct(Vector128<int>.Zero, Vector128.Create((sbyte)64), query.AsSByte());
            return Dp.DotProduct(sums, signed, query.AsSByte()) + half + half;
        }
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(codes);
        (Vector128<short> queryLow, Vector128<short> queryHigh) = Vector128.Widen(query.AsSByte());
        // 255 * 64 is less than 2^15.
        return sums + Quads(low.AsInt16() * queryLow, high.AsInt16() * queryHigh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<int> sums, ref int destination, nuint offset) => sums.StoreUnsafe(ref destination, offset);

    // Sums of four neighbors.
    private static Vector128<int> Quads(Vector128<short> low, Vector128<short> high)
    {
        Vector128<int> a = Pairs(low), b = Pairs(high);
        return Vector128.Create(a[0] + a[1], a[2] + a[3], b[0] + b[1], b[2] + b[3]);
    }

    private static Vector128<int> Pairs(Vector128<short> values)
    {
        Vector128<int> pairs = values.AsInt32();
        return (pairs << 16 >> 16) + (pairs >> 16);
    }
}
