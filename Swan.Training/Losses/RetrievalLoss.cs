using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Losses;

/// <summary>A loss over the similarities of a batch of pairs.</summary>
public abstract class RetrievalLoss : nn.Module<Tensor, Tensor?, Tensor>
{
    /// <summary>Names the loss.</summary>
    protected RetrievalLoss(string name) : base(name)
    {
    }

    /// <summary>The batch's loss.</summary>
    /// <param name="similarity">B×B cosines; pair i is row i (image) and column i (caption).</param>
    /// <param name="positives">B×B bool, true where a caption also describes the image (the diagonal included); null when only the pairs do. Such an entry is never a negative.</param>
    /// <returns>A scalar.</returns>
    public abstract override Tensor forward(Tensor similarity, Tensor? positives);
}
