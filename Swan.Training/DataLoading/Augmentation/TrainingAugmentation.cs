using Swan.MLNet.Numerics;

namespace Swan.Training.DataLoading;

/// <summary>Changes a training image at random, from a square working copy to the network's input.</summary>
/// <remarks>Implementations are immutable and safe for concurrent use; all randomness comes from the generator that is passed in.</remarks>
internal abstract class TrainingAugmentation
{
    private protected TrainingAugmentation(int imageSize, int workingSize) => (ImageSize, WorkingSize) = (imageSize, workingSize);

    /// <summary>Side of the result in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>Side in pixels to which images are squashed before <see cref="Apply"/>, once per run.</summary>
    public int WorkingSize { get; }

    /// <summary>Whether a result's pixel is the source's nearest, and black outside; otherwise four are mixed, and edges go on.</summary>
    public virtual bool TakesNearest => false;

    /// <summary>What <see cref="Apply"/> would do with this generator, for <see cref="DeviceAugmentation"/>.</summary>
    /// <param name="random">The sample's own generator.</param>
    public abstract AugmentationDraw Draw(ref SampleRandom random);

    /// <summary>Makes one augmented image.</summary>
    /// <param name="source"><c>source[(y * WorkingSize + x) * 3 + channel]</c>.</param>
    /// <param name="destination">Receives <c>destination[(y * ImageSize + x) * 3 + channel]</c>, every byte.</param>
    /// <param name="random">The sample's own generator.</param>
    /// <exception cref="ArgumentException">A span's length doesn't fit its side.</exception>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> destination, ref SampleRandom random)
    {
        if (source.Length != WorkingSize * WorkingSize * 3)
        {
            throw new ArgumentException(
                $"The source has {source.Length} bytes; an image of {WorkingSize}×{WorkingSize} has {WorkingSize * WorkingSize * 3}.",
                nameof(source));
        }
        if (destination.Length != ImageSize * ImageSize * 3)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} bytes; an image of {ImageSize}×{ImageSize} has {ImageSize * ImageSize * 3}.",
                nameof(destination));
        }
        ApplyCore(source, destination, ref random);
    }

    /// <summary>Makes one augmented image; the spans' lengths have been checked.</summary>
    private protected abstract void ApplyCore(ReadOnlySpan<byte> source, Span<byte> destination, ref SampleRandom random);

    /// <summary>Makes the augmentation of a kind.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="imageSize">Side of the network's input in pixels.</param>
    /// <param name="minCrop">
    /// The smallest crop of <see cref="AugmentationKind.Nadir"/>, as a share of the image's area, above 0 and up to 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The kind is unknown, the size is below 1, or the crop is no share.</exception>
    public static TrainingAugmentation Create(AugmentationKind kind, int imageSize, double minCrop = NadirAugmentation.DefaultMinArea)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageSize, 1);
        if (minCrop is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minCrop), minCrop,
                "Expected the smallest crop as a share of the image's area, above 0 and at most 1.");
        }
        return kind switch
        {
            AugmentationKind.None => new NoAugmentation(imageSize),
            AugmentationKind.Paper => new PaperAugmentation(imageSize),
            AugmentationKind.Nadir => new NadirAugmentation(imageSize, minCrop),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an augmentation."),
        };
    }
}

/// <summary>Leaves the image as it is.</summary>
internal sealed class NoAugmentation(int imageSize) : TrainingAugmentation(imageSize, imageSize)
{
    public override AugmentationDraw Draw(ref SampleRandom random) => new(1, 0, 0, 0, 1, 0);

    private protected override void ApplyCore(ReadOnlySpan<byte> source, Span<byte> destination, ref SampleRandom random) =>
        source.CopyTo(destination);
}
