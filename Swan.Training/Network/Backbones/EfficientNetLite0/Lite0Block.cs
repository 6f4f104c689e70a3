namespace Swan.Training.Network;

/// <summary>One inverted residual block of EfficientNet-Lite0.</summary>
/// <remarks>1×1 to <see cref="Width"/> channels (unless the expansion is 1), a depthwise convolution, 1×1 to the output.</remarks>
internal readonly record struct Lite0Block(int Input, int Output, int Kernel, int Stride, int Expansion)
{
    public int Width => Input * Expansion;

    public bool Residual => Stride == 1 && Input == Output;
}
