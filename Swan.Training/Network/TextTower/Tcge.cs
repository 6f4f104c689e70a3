using Swan.MLNet.ModelFiles;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>TCGE, textual coarse-grained enhancement: gated attention and joint representation units over a caption's words.</summary>
/// <remarks>
/// <para>Source: the paper, section 3.2; docs/spec/network.md, section 3, step 2. In the <see cref="SwanVariant.Reference"/> variant the
/// row at a caption's last word is taken, which always lies in the attention's part, so the joint units never reach the output.</para>
/// <para>In the <see cref="SwanVariant.Canonical"/> variant the average of a caption's joint units is added to that row before the
/// feed-forward step, and padding is invisible: see docs/decisions/0003.</para>
/// </remarks>
internal sealed class Tcge : Module<Tensor, Tensor, Tensor>
{
    private readonly BatchNorm1d bn_1d;
    private readonly GatedAttention ga;
    private readonly FeedForward mlp;
    private readonly JointRepresentationUnit conv1d_block_22, conv1d_block_33;
    private readonly bool _reference, _computeDeadBranches;
    private readonly double _dropout;

    public Tcge(SwanNetworkOptions options) : base(nameof(Tcge))
    {
        int width = options.EmbeddingSize;
        _reference = options.Variant == SwanVariant.Reference;
        _dropout = 0.2 * options.DropoutScale;
        _computeDeadBranches = options.ComputeDeadBranches;
        bn_1d = BatchNorm1d(width);
        ga = new GatedAttention(width, options.GaHeads, options.Variant);
        mlp = new FeedForward(width, dropout: 0.1 * options.DropoutScale);
        conv1d_block_22 = new JointRepresentationUnit(width, 2);
        conv1d_block_33 = new JointRepresentationUnit(width, 3);
        RegisterComponents();
    }

    /// <summary>h N×L×D, lengths N (on h's device) → N×D, not normalized.</summary>
    public override Tensor forward(Tensor h, Tensor lengths)
    {
        Tensor mask = SequenceMask.Mask(lengths, h.shape[1], h.device);                         // N×L
        Tensor attended = ga.call(h, mask);                                                       // N×L×D
        attended = _reference ? bn_1d.call(attended.transpose(1, 2)).transpose(1, 2) : SequenceMask.Normalize(bn_1d, attended, mask);
        Tensor y = LastWord(functional.dropout(attended, _dropout, training) + h, lengths);            // N×D

        if (!_reference)
        {
            Tensor count = conv1d_block_22.Count(lengths) + conv1d_block_33.Count(lengths);       // N
            y = y + (conv1d_block_22.call(h, lengths) + conv1d_block_33.call(h, lengths)) / count.clamp(min: 1).unsqueeze(1);
        }
        else if (_computeDeadBranches)
        {
            conv1d_block_22.MoveStatistics(h);
            conv1d_block_33.MoveStatistics(h);
        }

        return mlp.call(y) + y;
    }

    // Rows are independent in what follows, so only the one that is taken goes on.
    private static Tensor LastWord(Tensor x, Tensor lengths) =>
        x.gather(1, (lengths - 1).view(-1, 1, 1).expand(-1, 1, x.shape[2])).squeeze(1);
}
