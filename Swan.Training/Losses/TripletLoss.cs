using static TorchSharp.torch;

namespace Swan.Training.Losses;

/// <summary>
/// The paper's bidirectional triplet loss: every negative, or for each pair only the hardest of its row and of its column.
/// </summary>
/// <remarks>Source: the paper, section 3.3; docs/spec/network.md, section 4.</remarks>
internal sealed class TripletLoss : RetrievalLoss
{
    private readonly double _margin;
    private readonly bool _hardest;

    /// <summary>Makes the loss.</summary>
    /// <param name="margin">How much a pair's cosine must exceed a negative's; above 0. The paper's is 0.2.</param>
    /// <param name="hardest">Only the largest term of each row and column counts.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="margin"/> isn't above 0.</exception>
    public TripletLoss(double margin = 0.2, bool hardest = false) : base(nameof(TripletLoss))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        (_margin, _hardest) = (margin, hardest);
    }

    /// <summary>What is wrong with the options that this loss reads.</summary>
    internal static IEnumerable<string> Faults(LossKind kind, ILossOptions options) => options.Margin == 0
        ? [$"{nameof(options.Margin)} is 0; expected a value above 0: otherwise a pair need not be better than a negative."]
        : OptionRange.Faults(nameof(options.Margin), options.Margin, 0, 2, "cosines differ by at most 2");

    /// <inheritdoc/>
    public override Tensor forward(Tensor similarity, Tensor? positives)
    {
        Tensor paired = similarity.diag().unsqueeze(1);                                      // B×1
        Tensor excluded = positives ?? eye(similarity.shape[0], dtype: ScalarType.Bool, device: similarity.device);
        // row i: captions against image i
        Tensor captions = (_margin + similarity - paired).clamp(min: 0).masked_fill(excluded, 0);
        // column j: images against caption j
        Tensor images = (_margin + similarity - paired.transpose(0, 1)).clamp(min: 0).masked_fill(excluded, 0);
        return _hardest ? captions.amax([1]).sum() + images.amax([0]).sum() : captions.sum() + images.sum();
    }
}
