using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

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
