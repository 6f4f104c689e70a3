using Swan.Training.Onnx;

namespace Swan.Training.Tests.Onnx;

public sealed class GroupedKernelTests
{
    [Theory]
    [InlineData(3, 2, 0), InlineData(3, 2, 1), InlineData(7, 2, 3), InlineData(3, 1, 1), InlineData(5, 4, 2)]
    public void A_kernel_over_groups_gives_back_the_kernel_over_columns(int columns, int stride, int before)
    {
        var grouped = new GroupedKernel(GroupedKernel.Pixels, stride, before);
        long[] sides = [2, 3, 2, columns];
        sbyte[] kernel = [.. Enumerable.Range(1, 12 * columns).Select(i => (sbyte)i)];

        (sbyte[] made, long[] madeSides) = grouped.Make(kernel, sides);

        Assert.Equal(kernel, grouped.Undo<sbyte>(made, sides));
        Assert.Equal(grouped.Sides(sides), madeSides);
        // Each output of a group has each value once, and zeros besides.
        Assert.Equal(kernel.Length * grouped.Outputs, made.Count(v => v != 0));
    }
}
