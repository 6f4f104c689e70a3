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
