using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CsCheck;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Int8;

public sealed class Int8ProductsTests
{
    private delegate void Fill(ReadOnlySpan<byte> codes, ReadOnlySpan<sbyte> queries, int words, Span<int> products);

    [Fact]
    public void Every_way_of_multiplying_gives_the_sums_of_a_plain_loop() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 14], Gen.Int[0, 1 << 20], Gen.Bool).Sample((words, queries, seed, extreme) =>
        {
            var random = new Random(seed);
            byte[] codes = new byte[4 * words * Int8Part.Group];
            sbyte[] asked = new sbyte[4 * words * queries];
            for (int i = 0; i < codes.Length; i++) codes[i] = extreme ? byte.MaxValue : (byte)random.Next(256);
            for (int i = 0; i < asked.Length; i++) asked[i] = (sbyte)(extreme ? seed % 2 == 0 ? 63 : -63 : random.Next(-63, 64));
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
