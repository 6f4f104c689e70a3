using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CsCheck;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Int8;

public sealed class Int8ProductsTests
{
    // A query's largest value has this many steps. A power of two, so that values are exact.
    private const int Largest = 63 * 128;
    private const float Step = 1f / 8192;

    private delegate void Fill(ReadOnlySpan<byte> codes, ReadOnlySpan<sbyte> queries, int words, Span<int> products);

    [Fact]
    public void Every_way_of_multiplying_gives_the_sums_of_a_plain_loop() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 14], Gen.Int[0, 1 << 20], Gen.Bool).Sample((words, queries, seed, extreme) =>
        {
            var random = new Random(seed);
            byte[] codes = new byte[4 * words * Int8Part.Group];
            sbyte[] asked = new sbyte[4 * words * queries];
            for (int i = 0; i < codes.Length; i++) codes[i] = extreme ? byte.MaxValue : (byte)random.Next(256);
            for (int i = 0; i < asked.Length; i++) asked[i] = (sbyte)(extreme ? seed % 2 == 0 ? 64 : -64 : random.Next(-64, 65));
            int[] expected = new int[queries * Int8Part.Group];
            for (int q = 0; q < queries; q++)
            {
                for (int r = 0; r < Int8Part.Group; r++)
                {
                    for (int d = 0; d < 4 * words; d++)
                        expected[q * 64 + r] += codes[(r / 16 * words + d / 4) * 64 + r % 16 * 4 + d % 4] * asked[q * 4 * words + d];
                }
            }
            foreach (Fill fill in Ways())
            {
                int[] found = new int[queries * Int8Part.Group + 1];
                found[^1] = 77;
                fill(codes, asked, words, found.AsSpan(0, queries * Int8Part.Group));
                Assert.Equal([.. expected, 77], found);
            }
        }, iter: 300);

    [Fact]
    public void Coarse_and_fine_sums_together_are_that_of_a_plain_loop() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[0, 1 << 20], Gen.Bool).Sample((dimension, seed, extreme) =>
        {
            var random = new Random(seed);
            // In steps of the query's: halves of coarse steps are fine values of -64.
            int[] whole = [.. Enumerable.Range(0, dimension).Select(d =>
                d == 0 ? Largest : extreme ? 128 * random.Next(-62, 62) + 64 : random.Next(-Largest, Largest + 1))];
            var asked = new Int8Queries();
            asked.Set(Array.ConvertAll(whole, value => value * Step), dimension);
            byte[] codes = new byte[Int8Part.Words(dimension) * Int8Part.Group];
            for (int i = 0; i < codes.Length; i++) codes[i] = extreme ? byte.MaxValue : (byte)random.Next(256);
            long expected = 0;
            for (int d = 0; d < dimension; d++) expected += (long)whole[d] * codes[d / 4 * Int8Part.Group + d % 4];
            Assert.Equal(expected, 128L * asked.CoarseOf(0, codes) + asked.Fine(0, codes));
        }, iter: 1000);

    // Those that this processor has.
    private static IEnumerable<Fill> Ways()
    {
        yield return Int8Products.Fill;
        yield return Int8Kernel<ByteLanes128, Vector128<byte>, Vector128<int>>.Fill;
        if (Avx2.IsSupported) yield return Int8Kernel<ByteLanes256, Vector256<byte>, Vector256<int>>.Fill;
        if (AvxVnni.IsSupported) yield return Int8Kernel<ByteLanesVnni, Vector256<byte>, Vector256<int>>.Fill;
        if (Avx512BW.IsSupported) yield return Int8Kernel<ByteLanes512, Vector512<byte>, Vector512<int>>.Fill;
    }
}
