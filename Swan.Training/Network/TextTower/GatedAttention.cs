using Swan.MLNet.ModelFiles;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>GA, gated attention over a caption's words. Source: the paper, section 3.2; docs/spec/network.md, section 3, step 2.</summary>
/// <remarks>
/// In <see cref="SwanVariant.Reference"/> the scores are floored, which has no gradient, so the query and key maps and the gate never
/// learn; and padding attends like words. In <see cref="SwanVariant.Canonical"/> the scores stay as they are and padding is masked.
/// </remarks>
internal sealed class GatedAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly ModuleList<Linear> linears;
    private readonly Linear fc_q, fc_k, fc_g;
    private readonly int _heads, _headWidth;
    private readonly bool _reference;

    public GatedAttention(int width, int heads, SwanVariant variant) : base(nameof(GatedAttention))
    {
        (_heads, _headWidth, _reference) = (heads, width / heads, variant == SwanVariant.Reference);
        linears = ModuleList(Linear(width, width), Linear(width, width), Linear(width, width));
        fc_q = Linear(_headWidth, _headWidth);
        fc_k = Linear(_headWidth, _headWidth);
        fc_g = Linear(_headWidth, 2 * _headWidth);
        RegisterComponents();
    }

    /// <summary>h N×L×D, mask N×L (true at words) → N×L×D.</summary>
    public override Tensor forward(Tensor h, Tensor mask)
    {
        Tensor q = Heads(linears[0].call(h)), k = Heads(linears[1].call(h)), v = Heads(linears[2].call(h)); // N×H×L×D/H
        Tensor gate = fc_g.call(fc_q.call(q) * fc_k.call(k)).sigmoid();                                   // N×H×L×2D/H
        q = q * gate.narrow(3, 0, _headWidth);
        k = k * gate.narrow(3, _headWidth, _headWidth);
        Tensor mixed = _reference
            ? (q.matmul(k.transpose(-2, -1)) / Math.Sqrt(_headWidth)).floor().softmax(-1).matmul(v)
            : functional.scaled_dot_product_attention(q, k, v, mask.unsqueeze(1).unsqueeze(1));           // N×H×L×D/H
        return mixed.transpose(1, 2).flatten(2);

        Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], _heads, _headWidth).transpose(1, 2);
    }
}
