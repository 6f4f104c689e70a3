using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.Training.DataLoading;

namespace Swan.Training.Evaluation;

/// <summary>A set that something is measured on, and which images it has.</summary>
/// <param name="Set">The images and captions.</param>
/// <param name="Images">One identity for each image, in the set's order.</param>
internal sealed record IdentifiedSet(CaptionedImageSet Set, IReadOnlyList<ImageIdentity> Images)
{
    /// <summary>Reads and decodes the images.</summary>
    /// <exception cref="SwanImageException">The first image that can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static IdentifiedSet Read(CaptionedImageSet set, CancellationToken cancellation) =>
        new(set, ImageIdentities.Read(set, cancellation));
}
