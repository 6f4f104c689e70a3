using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Losses;

/// <summary>
/// Gives pairs that resemble each other a share of each other's probability: in a batch of overhead images, many captions fit several of
/// them.
/// </summary>
/// <remarks>
/// How alike two pairs are is the mean of the cosines of their images and of their captions, as the network itself sees them at this step,
/// without a gradient, or what teachers say of one's image and the other's caption; a softmax at the loss's own temperature makes shares of
/// it.
/// </remarks>
internal static class SoftTargets
{
    /// <param name="targets">B×B, the shares by labels, rows summing to 1.</param>
    /// <param name="images">B×D, any norm.</param>
    /// <param name="captions">B×D, any norm.</param>
    /// <param name="temperature">The loss's, a scalar.</param>
    /// <param name="share">Of the probability, from 0 to 1: what resemblance decides.</param>
    /// <returns>B×B, rows summing to 1.</returns>
    public static Tensor Compute(Tensor targets, Tensor images, Tensor captions, Tensor temperature, double share)
    {
        using IDisposable noGradients = no_grad();
        Tensor alike = (SwanNetwork.Similarity(images, images) + SwanNetwork.Similarity(captions, captions)) / 2;
        return Mixed(targets, alike, temperature, share);
    }

    /// <summary>The shares that teachers see: for each image over the captions, and for each caption over the images.</summary>
    /// <param name="targets">B×B, the shares by labels, rows summing to 1, the same for both directions.</param>
    /// <param name="similarity">B×B, the teachers' cosines: row i for image i, column j for caption j.</param>
    /// <param name="temperature">The loss's, a scalar.</param>
    /// <param name="share">Of the probability, from 0 to 1: what the teachers decide.</param>
    /// <returns>B×B each, rows summing to 1.</returns>
    public static (Tensor OfImages, Tensor OfCaptions) Compute(Tensor targets, Tensor similarity, Tensor temperature, double share) =>
        (Mixed(targets, similarity, temperature, share), Mixed(targets, similarity.transpose(0, 1), temperature, share));

    private static Tensor Mixed(Tensor targets, Tensor alike, Tensor temperature, double share) =>
        targets * (1 - share) + (alike / temperature).softmax(1) * share;
}
