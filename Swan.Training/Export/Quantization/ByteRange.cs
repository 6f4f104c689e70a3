namespace Swan.Training.Export;

/// <summary>How unsigned bytes stand for values: <c>(byte − Zero) · Step</c>.</summary>
/// <param name="Step">Above 0.</param>
/// <param name="Zero">The byte of 0, which convolutions pad with: it is exact.</param>
internal readonly record struct ByteRange(float Step, byte Zero)
{
    /// <summary>The bytes that reach from one value to another, and at least to 0.</summary>
    public static ByteRange Between(float least, float largest)
    {
        (least, largest) = (Math.Min(least, 0), Math.Max(largest, 0));
        if (!(largest > least)) return new(1f / byte.MaxValue, 0);
        float step = (largest - least) / byte.MaxValue;
        return new(step, (byte)Math.Clamp(MathF.Round(-least / step), 0, byte.MaxValue));
    }
}
