namespace Swan.Training.Onnx;

/// <summary>A kernel over columns of pixels as one over groups of columns, and back.</summary>
/// <remarks>
/// N×S×S×C is N×S×(S/g)×(g·C) without moving a byte. The kernel over groups has zeros where it reaches no column of a group, and gives all
/// outputs of its group beside each other.
/// </remarks>
/// <param name="Together">g: columns in a group.</param>
/// <param name="Stride">Columns from one output to the next.</param>
/// <param name="Before">Columns of padding before the first.</param>
internal sealed record GroupedKernel(int Together, int Stride, int Before)
{
    /// <summary>Columns of pixels that a convolution takes together.</summary>
    public const int Pixels = 4;

    /// <summary>Outputs that a group has beside each other.</summary>
    public int Outputs => Together / Stride;

    /// <summary>Groups of padding before the first.</summary>
    public int GroupsBefore => (Before + Together - 1) / Together;

    /// <summary>Groups of padding behind the last, for a kernel over so many columns.</summary>
    public int GroupsAfter(int columns) => Math.Max(0, (Together - Stride - Before + columns - 1) / Together);

    /// <summary>Makes the kernel over groups.</summary>
    /// <param name="kernel">Outputs × channels × rows × columns.</param>
    /// <param name="sides">Its sides.</param>
    public (sbyte[] Values, long[] Sides) Make(sbyte[] kernel, long[] sides)
    {
        long[] grouped = Sides(sides);
        var values = new sbyte[grouped.Aggregate(1L, (a, b) => a * b)];
        foreach ((int from, int to) in Places(sides, Outputs)) values[to] = kernel[from];
        return (values, grouped);
    }

    /// <summary>Takes the kernel over columns out of one over groups.</summary>
    /// <param name="grouped">As <see cref="Make"/> made it.</param>
    /// <param name="sides">The sides of the kernel over columns.</param>
    public T[] Undo<T>(ReadOnlySpan<T> grouped, long[] sides)
    {
        var kernel = new T[sides.Aggregate(1L, (a, b) => a * b)];
        foreach ((int from, int to) in Places(sides, 1)) kernel[from] = grouped[to];
        return kernel;
    }

    /// <summary>The sides of the kernel over groups.</summary>
    public long[] Sides(long[] sides) =>
        [sides[0] * Outputs, sides[1] * Together, sides[2], GroupsBefore + 1 + GroupsAfter((int)sides[3])];

    // Where each value of the kernel stands in the one over groups, for the first outputs of a group.
    private IEnumerable<(int From, int To)> Places(long[] sides, int made)
    {
        (int outputs, int channels, int rows, int columns) = ((int)sides[0], (int)sides[1], (int)sides[2], (int)sides[3]);
        int groups = (int)Sides(sides)[3];
        for (int m = 0; m < made; m++)
        {
            for (int tap = 0; tap < columns; tap++)
            {
                int place = tap - Before + GroupsBefore * Together + m * Stride, group = place / Together, column = place % Together;
                for (int i = 0; i < outputs * channels * rows; i++)
                {
                    (int output, int channel, int row) = (i / (channels * rows), i / rows % channels, i % rows);
                    int input = column * channels + channel;
                    yield return (
                        i * columns + tap,
                        (((m * outputs + output) * channels * Together + input) * rows + row) * groups + group);
                }
            }
        }
    }
}
