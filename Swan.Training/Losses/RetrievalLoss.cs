using static TorchSharp.torch;

namespace Swan.Training.Losses;

/// <summary>A loss over the similarities of a batch of pairs.</summary>
internal abstract class RetrievalLoss : nn.Module<Tensor, Tensor?, Tensor>
{
    /// <summary>Names the loss.</summary>
    protected RetrievalLoss(string name) : base(name)
    {
    }

    /// <summary>The batch's loss.</summary>
    /// <param name="similarity">B×B cosines; pair i is row i (image) and column i (caption).</param>
    /// <param name="positives">
    /// B×B bool, true where a caption also describes the image (the diagonal included); null when only the pairs do. Such an entry is never
    /// a negative.
    /// </param>
    /// <returns>A scalar.</returns>
    public abstract override Tensor forward(Tensor similarity, Tensor? positives);

    /// <summary>Builds the loss of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, or an option is out of the loss's range.</exception>
    internal static RetrievalLoss Create(LossKind kind, ILossOptions options)
    {
        if (LossSpec.All.FirstOrDefault(l => l.Kind == kind) is { } spec) return spec.Create(options);
        string known = string.Join(", ", LossSpec.All.Select(l => l.Kind));
        throw new ArgumentOutOfRangeException(nameof(kind), kind, $"Expected one of {known}.");
    }

    /// <summary>What is wrong with the options that losses read, a sentence each.</summary>
    /// <param name="kind">The loss that is chosen; options of the others are checked as well.</param>
    /// <param name="options">The run's.</param>
    internal static IEnumerable<string> AllFaults(LossKind kind, ILossOptions options) =>
        LossSpec.All.SelectMany(l => l.Faults(kind, options)).Distinct();

    /// <summary>
    /// Which captions of a batch describe which images: pairs that share their image or the caption's words do so mutually.
    /// </summary>
    /// <param name="images">Each pair's image.</param>
    /// <param name="captions">Each pair's caption; the same number for the same words.</param>
    /// <returns>B×B bool, symmetric, true on the diagonal.</returns>
    public static Tensor Positives(IReadOnlyCollection<int> images, IReadOnlyCollection<long> captions)
    {
        using var scope = NewDisposeScope();
        return Same(images.Select(i => (long)i)).logical_or(Same(captions)).MoveToOuterDisposeScope();

        static Tensor Same(IEnumerable<long> keys)
        {
            Tensor key = tensor(keys.ToArray());
            return key.unsqueeze(1).eq(key.unsqueeze(0));
        }
    }
}
