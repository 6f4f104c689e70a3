using System.Runtime.InteropServices;
using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Int8;

public sealed class Int8PartTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 257)]
    [InlineData(64, 64)]
    [InlineData(65, 3)]
    public void Values_come_back_within_the_error_that_is_stored(int rows, int dimension)
    {
        EmbeddingBlocks values = Make(rows, dimension);
        Int8Part part = Encode(values, out byte[] bytes);
        Assert.Equal(Int8Part.Bytes(rows, dimension), bytes.Length);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> group = part.GroupOf(row);
            ReadOnlySpan<float> lengths = MemoryMarshal.Cast<byte, float>(group[..Int8Part.Lengths]);
            int r = row % 64, panel = Int8Part.Words(dimension) * 64;
            double squares = 0;
            for (int d = 0; d < dimension; d++)
            {
                int code = group[Int8Part.Lengths + r / 16 * panel + d / 4 * 64 + r % 16 * 4 + d % 4] - 128;
                double off = values.Row(row)[d] - (part.Center[d] + (double)lengths[r] * code);
                Assert.InRange(code, -127, 127);
                squares += off * off;
            }
            Assert.InRange(Math.Sqrt(squares), 0, lengths[64 + r]);
            Assert.InRange(lengths[64 + r], 0, part.LargestError);
        }
    }

    [Fact]
    public void A_gallery_takes_less_than_three_tenths_of_its_values()
    {
        const int Rows = 1_000_000, D = 257;
        Assert.InRange(Int8Part.Bytes(Rows, D), 1, 0.3 * Rows * D * sizeof(float));
    }

    [Fact]
    public void Blocks_of_rows_are_ranges_of_bytes_one_after_another()
    {
        const int D = 20;
        Assert.Equal(64 + 128, Int8Part.Offset(0, D));
        Assert.Equal(Int8Part.Offset(0, D) + Int8Part.GroupBytes(D), Int8Part.Offset(64, D));
        Assert.Equal(Int8Part.Offset(128, D), Int8Part.Bytes(128, D));
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(Make(70, D), out _).Slice(32, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(Make(70, D), out _).Slice(64, 7));
    }

    [Theory]
    [InlineData(0)] // version
    [InlineData(4)] // D
    [InlineData(8)] // rows
    [InlineData(15)] // the largest length's exponent
    [InlineData(-1)] // a byte less
    public void What_is_no_part_of_these_rows_is_refused(int at)
    {
        Encode(Make(70, 20), out byte[] bytes);
        if (at < 0) bytes = bytes[..^1];
        else bytes[at] ^= 0xC4;
        Assert.Throws<SwanFormatException>(() => Int8Part.Open(bytes, 70, 20));
    }

    private static EmbeddingBlocks Make(int rows, int dimension)
    {
        var random = new Random(rows);
        var blocks = new EmbeddingBlocks(dimension, 30 * dimension);
        for (int row = 0; row < rows; row++)
        {
            float[] values = [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.3f)];
            Assert.True(UnitVector.TryNormalize(values, blocks.Next()));
            blocks.Keep();
        }
        return blocks;
    }

    private static Int8Part Encode(EmbeddingBlocks rows, out byte[] bytes)
    {
        bytes = new byte[Int8Part.Bytes(rows.Count, rows.EmbeddingSize)];
        // What was there before is no part of it.
        Array.Fill(bytes, (byte)77);
        Int8Part.Encode(rows, bytes, TestContext.Current.CancellationToken);
        return Int8Part.Open(bytes, rows.Count, rows.EmbeddingSize);
    }
}
