using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Some queries as integers, and bounds of their products with the rows of an <see cref="Int8Part"/>. Used again.</summary>
/// <remarks>
/// A query q is <c>step * (128 * coarse[d] + fine[d]) + f[d]</c> with coarse from -63 to 63 and fine from -64 to 64: 7 bits each, so that
/// two products with a byte fit into 16 bits (AVX2's multiply-add of bytes). A row is x = m + s c + e (<see cref="Int8Part"/>; m is the
/// center), and its exact product
/// <code>q·x = q·m + q·(s c) + q·e</code>
/// With b the integers of a query, whose product with c is exact, q·(s c) = step s (b·c) + f·(s c). By Cauchy and Schwarz
/// <code>|q·x − q·m − step s (b·c)| ≤ |f| |s c| + |q| |e|</code>
/// All lengths on the right are stored or computed as upper bounds. With the coarse integers alone b is 128 * coarse, and f is the rest.
/// <para>
/// <see cref="DotProducts"/> rounds: its sum of D products takes n = ⌈D/16⌉ + 4 roundings for each term, so it differs from q·x by at most
/// n u / (1 − n u) Σ|q[d] x[d]| ≤ n u / (1 − n u) |q| |x|, u = 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), and
/// by D 2^-149 where a product underflows. The bound itself is computed in float32: b·c is rounded to float32, then there are two products
/// and two sums, so it is off by at most 8 u (|q·m| + |step s (b·c)| + |q| |e|) with room to spare. Both are added to the bound, which is
/// so an upper bound of what <see cref="DotProducts"/> would give.
/// </para>
/// </remarks>
internal sealed class Int8Queries
{
    private const int Coarsest = 63, Parts = 128;
    private const double Unit = 1.0 / (1 << 24);

    private sbyte[] _coarse = [];
    private sbyte[] _fine = [];
    private One[] _queries = [];
    private float[] _values = [];

    /// <summary>How many queries there are.</summary>
    public int Count { get; private set; }

    /// <summary>D.</summary>
    public int Dimension { get; private set; }

    /// <summary>Bytes of a query: four for each four values.</summary>
    public int Stride { get; private set; }

    /// <summary><c>coarse[q * Stride + d]</c>; 0 behind D.</summary>
    public ReadOnlySpan<sbyte> Coarse => _coarse.AsSpan(0, Count * Stride);

    /// <summary>Takes queries, and forgets those before.</summary>
    /// <param name="queries"><c>queries[q * dimension + d]</c>, finite.</param>
    /// <param name="dimension">D.</param>
    public void Set(ReadOnlySpan<float> queries, int dimension)
    {
        (Count, Dimension, Stride) = (queries.Length / dimension, dimension, Int8Part.Words(dimension) * 4);
        if (_queries.Length < Count) _queries = new One[Count];
        if (_coarse.Length < Count * Stride) (_coarse, _fine) = (new sbyte[Count * Stride], new sbyte[Count * Stride]);
        if (_values.Length < queries.Length) _values = new float[queries.Length];
        queries.CopyTo(_values);
        for (int q = 0; q < Count; q++) _queries[q] = Quantize(q);
    }

    /// <summary>What bounds the products of a query with the rows of a part.</summary>
    public Int8Bound Bound(int query, Int8Part part)
    {
        ref readonly One one = ref _queries[query];
        ReadOnlySpan<float> center = part.Center, values = _values.AsSpan(query * Dimension, Dimension);
        double middle = 0;
        for (int d = 0; d < center.Length; d++) middle += (double)values[d] * center[d];
        double roundings = Math.Ceiling(Dimension / 16.0) + 4;
        double exact = roundings * Unit / (1 - roundings * Unit) * one.Length * part.LargestRow + Dimension * 1e-44;
        double decoded = (one.Length + one.CoarseError) * part.LargestDecoded;
        // The middle is rounded in float64, too: far less than one of these.
        double computed = 16 * Unit * (Math.Abs(middle) + decoded + one.Length * part.LargestError + exact + 1e-30);
        double coarse = one.CoarseError * part.LargestDecoded + exact + computed;
        double fine = one.FineError * part.LargestDecoded + exact + computed;
        return new Int8Bound(
            Parts * one.Step, Int8Encoder.RoundUp(one.Length), Int8Encoder.RoundUp(middle + coarse), middle, fine, one.CoarseSum,
            one.FineSum);
    }

    /// <summary>The product of a query's fine integers and a row, both as they are stored.</summary>
    /// <param name="query">Which query.</param>
    /// <param name="codes">The row's codes in a group: four bytes for each four values, one panel step apart.</param>
    public int Fine(int query, ReadOnlySpan<byte> codes) => Product(_fine.AsSpan(query * Stride, Stride), codes);

    /// <summary>The same with the coarse integers.</summary>
    /// <inheritdoc cref="Fine"/>
    public int CoarseOf(int query, ReadOnlySpan<byte> codes) => Product(_coarse.AsSpan(query * Stride, Stride), codes);

    private static int Product(ReadOnlySpan<sbyte> query, ReadOnlySpan<byte> codes)
    {
        Vector128<int> sums = default;
        int at = 0, code = 0;
        for (; at + 16 <= query.Length; at += 16, code += 4 * Int8Part.Group)
        {
            var coded = Vector128.Create(
                Four(codes, code), Four(codes, code + Int8Part.Group), Four(codes, code + 2 * Int8Part.Group),
                Four(codes, code + 3 * Int8Part.Group));
            Vector128<byte> asked = Vector128.Create(query.Slice(at, 16)).AsByte();
            sums = AvxVnni.IsSupported
                ? AvxVnni.MultiplyWideningAndAdd(sums, coded.AsByte(), asked.AsSByte())
                : ByteLanes128.MultiplyAdd(coded.AsByte(), asked, sums);
        }
        int sum = Vector128.Sum(sums);
        for (; at < query.Length; at += 4, code += Int8Part.Group)
        {
            for (int i = 0; i < 4; i++) sum += query[at + i] * codes[code + i];
        }
        return sum;
    }

    private static int Four(ReadOnlySpan<byte> codes, int at) => BinaryPrimitives.ReadInt32LittleEndian(codes[at..]);

    private One Quantize(int query)
    {
        ReadOnlySpan<float> values = _values.AsSpan(query * Dimension, Dimension);
        Span<sbyte> coarse = _coarse.AsSpan(query * Stride, Stride), fine = _fine.AsSpan(query * Stride, Stride);
        coarse.Clear();
        fine.Clear();
        float largest = 0;
        foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
        // A power of two less, so 128 steps are exact. What is tiny is all error.
        float step = largest < 1e-30f ? 0 : largest / (Coarsest * Parts);
        double length = 0, coarseError = 0, fineError = 0;
        int coarseSum = 0, fineSum = 0;
        for (int d = 0; d < values.Length; d++)
        {
            int whole = step == 0 ? 0 : (int)Math.Round(values[d] / (double)step);
            int high = Math.Clamp((int)Math.Floor(whole / (double)Parts + 0.5), -Coarsest, Coarsest);
            int low = Math.Clamp(whole - high * Parts, -Parts / 2, Parts / 2);
            (coarse[d], fine[d]) = ((sbyte)high, (sbyte)low);
            coarseSum += high;
            fineSum += low;
            // Integers times a float32 are exact in float64.
            double offCoarse = values[d] - (double)step * Parts * high, offFine = values[d] - (double)step * (Parts * high + low);
            length += (double)values[d] * values[d];
            coarseError += offCoarse * offCoarse;
            fineError += offFine * offFine;
        }
        double rounding = 1e-15 * Math.Sqrt(Dimension) * largest;
        return new One(
            step, Math.Sqrt(length) * Int8Encoder.Up, Math.Sqrt(coarseError) * Int8Encoder.Up + rounding,
            Math.Sqrt(fineError) * Int8Encoder.Up + rounding, coarseSum, fineSum);
    }

    private readonly record struct One(float Step, double Length, double CoarseError, double FineError, int CoarseSum, int FineSum);
}
