using CsCheck;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Tests.Numerics;

public sealed class MaskBitsTests
{
    [Fact]
    public void Bits_from_anywhere_are_those_of_a_plain_loop() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[0, 299], Gen.Int[1, 300], Gen.Int[0, 1 << 20]).Sample((rows, first, count, seed) =>
        {
            first = Math.Min(first, rows - 1);
            count = Math.Min(count, rows - first);
            var random = new Random(seed);
            var set = new RowBits(rows);
            for (int row = 0; row < rows; row++) set[row] = random.Next(3) == 0;
            int[] expected = [.. Enumerable.Range(0, count).Where(i => set[first + i])], some = new int[count];
            Assert.Equal(expected.Length, MaskBits.Count(set.Words, first, count));
            Assert.Equal(expected, some[..MaskBits.Fill(set.Words, first, count, some)]);
            ulong bits = MaskBits.From(set.Words, first, Math.Min(64, count));
            Assert.Equal(expected.Where(i => i < 64).Aggregate(0UL, (all, i) => all | 1UL << i), bits);
        });
}
