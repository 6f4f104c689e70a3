using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>A linear map, ReLU, dropout: the unit that the paper's modules share. Checkpoints call its map <c>linear</c>.</summary>
internal sealed class LinearUnit : Module<Tensor, Tensor>
{
    private readonly Linear linear;
    private readonly double _dropout;

    public LinearUnit(int input, int output, double dropout) : base(nameof(LinearUnit))
    {
        linear = Linear(input, output);
        _dropout = dropout;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => functional.dropout(linear.call(x).relu(), _dropout, training);
}

/// <summary>A <see cref="LinearUnit"/> to twice the width, then a linear map back: the MLP of VMSF and TCGE.</summary>
internal sealed class FeedForward : Module<Tensor, Tensor>
{
    private readonly LinearUnit fc;
    private readonly Linear linear;

    public FeedForward(int width, double dropout) : base(nameof(FeedForward))
    {
        fc = new LinearUnit(width, 2 * width, dropout);
        linear = Linear(2 * width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => linear.call(fc.call(x));
}
