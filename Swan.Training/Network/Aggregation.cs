using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>
/// Joins the local feature l and the global feature g into the image vector. Source: docs/spec/network.md, section 2, step 5.
/// </summary>
internal sealed class Aggregation : Module<Tensor, Tensor>
{
    private readonly Linear fc_1, fc_2;

    public Aggregation(int input, int width) : base(nameof(Aggregation))
    {
        fc_1 = Linear(input, width);
        fc_2 = Linear(width, width);
        RegisterComponents();
    }

    /// <summary>N×2D (l before g), or N×D without SFGS → N×D.</summary>
    public override Tensor forward(Tensor x) => fc_2.call(fc_1.call(x).relu());
}
