using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Codes that are passed over several at a time, beside the same ones one by one.</summary>
public sealed class JpegHuffmanTableTests
{
    private const int Tables = 400, Blocks = 200, Places = 64;

    // Where both end after each block says that they have passed over the same bits.
    [Fact]
    public void Several_codes_at_once_are_the_same_as_one_by_one()
    {
        int passed = 0, wrong = 0, exhausted = 0;
        for (int seed = 0; seed < Tables; seed++)
        {
            var random = new Random(seed);
            JpegHuffmanTable table = Table(random);
            uint[] several = table.Several();
            byte[] data = new byte[random.Next(1, 2000)];
            random.NextBytes(data);
            JpegBits once = new(data, 0), atOnce = new(data, 0);
            for (int block = 0; block < Blocks; block++)
            {
                (bool Whole, int Place) expected = OneByOne(table, ref once), found = AtOnce(table, several, ref atOnce, ref passed);
                Assert.True(
                    expected == found && once.IsExhausted == atOnce.IsExhausted && once.Peek() == atOnce.Peek(),
                    $"table {seed}, block {block}: {expected} one by one, {found} at once");
                if (once.IsExhausted) exhausted++;
                if (!expected.Whole) wrong++;
                if (!expected.Whole || once.IsExhausted) break;
            }
            Assert.Equal(once.End(out int next), atOnce.End(out int nextAtOnce));
            Assert.Equal(next, nextAtOnce);
        }
        Assert.True(passed > 1000 && wrong > 20 && exhausted > 20, $"{passed}, {wrong}, {exhausted}");
    }

    private static (bool Whole, int Place) OneByOne(JpegHuffmanTable table, ref JpegBits bits)
    {
        int k = 1;
        while (k < Places)
        {
            int symbol = table.NextWithValue(ref bits);
            if (symbol < 0) return (false, k);
            if ((symbol & 15) == 0 && symbol < 0xF0) return (true, Places);
            k += (symbol >> 4) + 1;
        }
        return (k == Places, k);
    }

    private static (bool Whole, int Place) AtOnce(JpegHuffmanTable table, uint[] several, ref JpegBits bits, ref int passed)
    {
        int k = 1;
        while (k < Places)
        {
            if (JpegHuffmanTable.PassSeveral(several, ref bits, ref k))
            {
                passed++;
                continue;
            }
            int symbol = table.NextWithValue(ref bits);
            if (symbol < 0) return (false, k);
            if ((symbol & 15) == 0 && symbol < 0xF0) return (true, Places);
            k += (symbol >> 4) + 1;
        }
        return (k == Places, k);
    }

    // Half of them have short codes of small values, of which several are seen at once.
    private static JpegHuffmanTable Table(Random random)
    {
        bool isShort = random.Next(2) == 0;
        byte[] counts = new byte[16];
        int room = 1, total = 0;
        for (int length = 1; length <= 16; length++)
        {
            room *= 2;
            int most = Math.Min(Math.Min(room, 255), 256 - total);
            int count = length < 3 && isShort ? random.Next(2) : random.Next(0, Math.Max(1, most / (isShort ? 1 : 2)) + 1);
            counts[length - 1] = (byte)(count = Math.Min(count, most));
            (room, total) = (room - count, total + count);
        }
        byte[] symbols = new byte[total];
        for (int i = 0; i < total; i++)
            symbols[i] = random.Next(8) == 0 ? (byte)0 : isShort ? (byte)(random.Next(4) << 4 | random.Next(4)) : (byte)random.Next(256);
        return JpegHuffmanTable.Read([.. counts, .. symbols], out int _)!;
    }
}
