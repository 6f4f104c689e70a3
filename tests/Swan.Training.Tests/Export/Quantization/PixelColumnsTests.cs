using Swan.Training.Export;
using static Swan.Training.Tests.Export.IntegerTowers;

namespace Swan.Training.Tests.Export;

public sealed class PixelColumnsTests
{
    // Kernel, stride, and padding above, before, below and behind.
    public static TheoryData<int, int, long[]> Kernels => new()
    {
        { 3, 2, [1, 1, 1, 1] }, { 3, 2, [0, 0, 1, 1] }, { 7, 2, [3, 3, 3, 3] }, { 5, 2, [2, 2, 2, 2] }, { 4, 4, [0, 0, 0, 0] },
        { 5, 2, [1, 2, 2, 1] }, { 7, 4, [3, 3, 2, 2] },
    };

    // Sides that are whole groups of 16 columns where pixels are scaled, and one that is of 8.
    public static TheoryData<int, int, long[], int, int> KernelsBySide => new(
        from row in Kernels
        from side in ((int, int)[])[(WideSide, 16), (24, 8), (40, 8)]
        select (row.Data.Item1, row.Data.Item2, row.Data.Item3, side.Item1, side.Item2));

    [Theory, MemberData(nameof(KernelsBySide))]
    public void Columns_together_give_what_each_alone_gives(int kernel, int stride, long[] pads, int side, int scaled)
    {
        byte[] tower = Strided(kernel, stride, pads, side: side), pixels = Pixels(3, 5, side), together = RewriteWide(tower, side);
        var graph = new TowerGraph(tower);
        OnnxNode convolution = graph.Nodes.First(n => n.Op == "Conv"), transposed = graph.Nodes.Single(n => n.Op == "Transpose");
        Assert.Equal(scaled, PixelColumns.Find(graph, transposed.Outputs[0], convolution)!.Scaled);
        Assert.Contains(new TowerGraph(together).Nodes, n => n.Op == "Reshape");

        float[] found = Run(together, pixels, side: side), expected = Run(tower, pixels, side: side);

        // A kernel that is put together wrongly is off by as much as the values themselves.
        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05f * largest));
    }

    [Theory, MemberData(nameof(Kernels))]
    public void A_kernel_over_groups_sums_the_same_integers(int kernel, int stride, long[] pads)
    {
        var graph = new TowerGraph(Strided(kernel, stride, pads));
        OnnxNode convolution = graph.Nodes.First(n => n.Op == "Conv"), transposed = graph.Nodes.Single(n => n.Op == "Transpose");
        PixelColumns columns = PixelColumns.Find(graph, transposed.Outputs[0], convolution)!;
        var random = new Random(kernel);
        sbyte[] weights = [.. Enumerable.Range(0, Channels * 3 * kernel * kernel).Select(_ => (sbyte)random.Next(-63, 64))];
        int[] line = [.. Enumerable.Range(0, WideSide * 3).Select(_ => random.Next(256))]; // of one row of pixels, x × 3 + c

        (sbyte[] grouped, long[] sides) = columns.Kernel(weights, [Channels, 3, kernel, kernel]);

        int outputs = WideSide / stride, groups = (int)sides[3];
        for (int x = 0; x < outputs; x++)
        {
            for (int o = 0; o < Channels; o++)
            {
                for (int row = 0; row < kernel; row++)
                {
                    int alone = 0, together = 0;
                    for (int tap = 0; tap < kernel; tap++)
                    {
                        for (int c = 0; c < 3; c++)
                            alone += Pixel(x * stride - (int)pads[1] + tap, c) * weights[((o * 3 + c) * kernel + row) * kernel + tap];
                    }
                    (int place, int made) = (x / columns.Outputs, x % columns.Outputs);
                    for (int group = 0; group < groups; group++)
                    {
                        for (int i = 0; i < sides[1]; i++)
                        {
                            together += Pixel((place + group - columns.GroupsBefore) * columns.Convolved + i / 3, i % 3)
                                * grouped[(((made * Channels + o) * sides[1] + i) * kernel + row) * groups + group];
                        }
                    }
                    Assert.Equal(alone, together);
                }
            }
        }

        int Pixel(int column, int channel) => column < 0 || column >= WideSide ? 0 : line[column * 3 + channel];
    }

    [Theory]
    [InlineData(3, 1)] // mostly zeros
    [InlineData(1, 2)]
    public void Kernels_that_would_be_mostly_zeros_stay(int kernel, int stride)
    {
        long pad = kernel / 2;
        byte[] integer = RewriteWide(Strided(kernel, stride, [pad, pad, pad, pad]));
        Assert.DoesNotContain(new TowerGraph(integer).Nodes, n => n.Op == "Reshape");
    }

    [Fact]
    public void Outputs_that_do_not_fill_their_groups_stay()
    {
        byte[] integer = RewriteWide(Strided(3, 2, [0, 0, 0, 0])); // 7 outputs of 16 columns
        Assert.DoesNotContain(new TowerGraph(integer).Nodes, n => n.Op == "Reshape");
    }

    [Fact]
    public void A_layer_without_a_rectifier_is_taken_too()
    {
        byte[] tower = Strided(3, 2, [1, 1, 1, 1], rectified: false), pixels = Pixels(4, 2, WideSide);
        float[] expected = Run(tower, pixels, side: WideSide), found = Run(RewriteWide(tower), pixels, side: WideSide);
        float largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05f * largest));
    }
}
