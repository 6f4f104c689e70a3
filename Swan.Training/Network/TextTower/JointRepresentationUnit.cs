using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>One of TCGE's joint representation units (JRU): a convolution over k neighboring words at stride k, batch norm, ReLU.</summary>
/// <remarks>
/// Source: the paper, section 3.2; docs/spec/network.md, section 3, step 2. Parameters are named as in a sequence: <c>0</c> the
/// convolution, <c>1</c> the norm.
/// </remarks>
internal sealed class JointRepresentationUnit : Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "0")]
    private readonly Conv1d _convolution;

    [ComponentName(Name = "1")]
    private readonly BatchNorm1d _normalization;
    private readonly int _kernel;

    public JointRepresentationUnit(int width, int kernel) : base(nameof(JointRepresentationUnit))
    {
        _kernel = kernel;
        _convolution = Conv1d(width, width, kernel, stride: kernel);
        _normalization = BatchNorm1d(width);
        RegisterComponents();
    }

    /// <summary>How many units each caption has: ⌊length / k⌋.</summary>
    public Tensor Count(Tensor lengths) => lengths.div(_kernel, RoundingMode.floor);

    /// <summary>h N×L×D, lengths N (on h's device) → the sum of each caption's units, N×D. A unit must lie within its caption.</summary>
    public override Tensor forward(Tensor h, Tensor lengths)
    {
        if (h.shape[1] < _kernel) return zeros(h.shape[0], h.shape[2], dtype: h.dtype, device: h.device);
        Tensor units = _convolution.call(h.transpose(1, 2)).transpose(1, 2);                                       // N×⌊L/k⌋×D
        Tensor mask = SequenceMask.Mask(Count(lengths), units.shape[1], h.device);                               // N×⌊L/k⌋
        return (SequenceMask.Normalize(_normalization, units, mask).relu() * mask.unsqueeze(2)).sum(1);
    }

    /// <summary>Runs the unit for its batch-norm statistics alone, padding included, as the authors' implementation does.</summary>
    public void MoveStatistics(Tensor h)
    {
        if (h.shape[1] < _kernel || !training) return;
        using (no_grad()) _normalization.call(_convolution.call(h.transpose(1, 2)));
    }
}
