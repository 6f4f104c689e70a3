using Swan.Training.Onnx;

namespace Swan.Training.Export;

/// <summary>Neighboring columns of pixels taken together as channels, for the first layers of an image tower.</summary>
/// <remarks>
/// ONNX Runtime's integer kernels want channels by fours and outputs by sixteens; pixels have three. N×S×S×3 is N×S×(S/g)×3g without
/// moving a byte. A kernel over columns becomes one over groups of columns, with zeros where it reaches no column of a group, and gives all
/// columns of its group at once. Sums are the same integers.
/// </remarks>
/// <param name="Pixels">The graph's input, N×S×S×3.</param>
/// <param name="Transposed">The node that puts its channels first.</param>
/// <param name="Scaled">Columns taken together where pixels are scaled.</param>
/// <param name="Convolved">Columns taken together where they are convolved.</param>
/// <param name="Stride">Columns from one output to the next.</param>
/// <param name="Before">Columns of padding before the first.</param>
/// <param name="GroupsBefore">The same in groups.</param>
/// <param name="GroupsAfter">Groups of padding behind the last.</param>
/// <param name="Rows">Rows of padding above and below, and from one output to the next.</param>
internal sealed record PixelColumns(
    string Pixels, OnnxNode Transposed, int Scaled, int Convolved, int Stride, int Before, int GroupsBefore, int GroupsAfter,
    (long Above, long Below, long Stride) Rows)
{
    private const int Channels = 3, Together = GroupedKernel.Pixels, MostZeros = 3;

    /// <summary>Outputs that a group has beside each other.</summary>
    public int Outputs => Convolved / Stride;

    /// <summary>The attributes of the convolution over groups.</summary>
    public (string Name, object Value)[] Attributes(long rows) =>
    [
        ("kernel_shape", new[] { rows, GroupsBefore + 1 + GroupsAfter }), ("strides", new[] { Rows.Stride, 1L }),
        ("pads", new[] { Rows.Above, GroupsBefore, Rows.Below, GroupsAfter }),
    ];

    /// <summary>Finds out whether the first layers can be taken so; null where not, or where the kernel would be mostly zeros.</summary>
    /// <param name="graph">The tower.</param>
    /// <param name="bytes">The pixels with their channels first.</param>
    /// <param name="convolution">Reads them when they are scaled.</param>
    public static PixelColumns? Find(TowerGraph graph, string bytes, OnnxNode convolution)
    {
        if (graph.Maker(bytes) is not { Op: "Transpose" } transposed || graph.Readers(bytes).Count != 1
            || graph.InputSides(transposed.Inputs[0]) is not [_, _, var side, Channels]
            || graph.Weight(convolution.Inputs[1]).Sides is not [_, Channels, _, var kernel]
            || convolution.Integer("group", 1) != 1 || convolution.Integers("dilations").Any(d => d != 1))
        {
            return null;
        }
        (long[] strides, long[] pads) = (convolution.Integers("strides"), convolution.Integers("pads"));
        (int stride, int before, int after) = ((int)strides.ElementAtOrDefault(1), (int)pads.ElementAtOrDefault(1),
            (int)pads.ElementAtOrDefault(3));
        if (strides.Length != 2 || pads.Length != 4 || side % (2 * Together) != 0 || Together % stride != 0
            || (side + before + after - kernel) / stride + 1 != side / stride)
        {
            return null;
        }
        var grouped = new GroupedKernel(Together, stride, before);
        (int groupsBefore, int groupsAfter) = (grouped.GroupsBefore, grouped.GroupsAfter((int)kernel));
        if ((groupsBefore + 1 + groupsAfter) * Together > MostZeros * kernel) return null;
        int scaled = side % (4 * Together) == 0 ? 4 * Together : 2 * Together;
        return new(
            transposed.Inputs[0], transposed, scaled, Together, stride, before, groupsBefore, groupsAfter, (pads[0], pads[2], strides[0]));
    }

    /// <summary>The kernel over groups.</summary>
    /// <param name="kernel">O×3×rows×columns.</param>
    /// <param name="sides">Its sides.</param>
    public (sbyte[] Values, long[] Sides) Kernel(sbyte[] kernel, long[] sides) =>
        new GroupedKernel(Convolved, Stride, Before).Make(kernel, sides);

    /// <summary>Values by channel, once for each column of a group.</summary>
    public static T[] Repeat<T>(T[] values, int columns) => [.. Enumerable.Repeat(values, columns).SelectMany(v => v)];
}
