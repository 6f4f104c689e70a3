using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>
/// SFGS, scene fine-grained sensing: three receptive fields on the salient features, related by <see cref="Wsa"/>, fused into the local
/// feature l.
/// </summary>
/// <remarks>
/// Source: the paper, section 3.1; docs/spec/network.md, section 2, step 4. A token is one channel over the G×G grid, a 16th of the image's
/// side.
/// </remarks>
internal sealed class Sfgs : Module<Tensor, Tensor>
{
    private readonly Sequential conv2d_block_11, conv2d_block_33, conv2d_block_55;
    private readonly LinearUnit fc;
    private readonly Wsa wsa;
    private readonly int _grid;

    public Sfgs(int channels, int grid, int width, int heads, double dropoutScale) : base(nameof(Sfgs))
    {
        _grid = grid;
        conv2d_block_11 = Branch(channels, 1);
        conv2d_block_33 = Branch(channels, 3);
        conv2d_block_55 = Branch(2 * channels, 5);
        fc = new LinearUnit(grid * grid, width, dropout: 0.1 * dropoutScale);
        wsa = new Wsa(tokens: 4 * channels, width, heads, dropout: 0.1 * dropoutScale);
        RegisterComponents();

        Sequential Branch(int output, int kernel) =>
            Sequential(("0", Conv2d(channels, output, kernel, stride: kernel, bias: false)), ("1", BatchNorm2d(output)), ("2", ReLU()));
    }

    /// <summary>s N×C×4G×4G → l N×D.</summary>
    public override Tensor forward(Tensor salient)
    {
        Tensor tokens = cat([Tokens(conv2d_block_11), Tokens(conv2d_block_33), Tokens(conv2d_block_55)], 1); // N×4C×G²
        return wsa.call(fc.call(tokens));

        Tensor Tokens(Sequential branch) => functional.adaptive_avg_pool2d(branch.call(salient), [_grid, _grid]).flatten(2);
    }
}
