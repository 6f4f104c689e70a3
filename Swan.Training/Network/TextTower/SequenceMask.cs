using Swan.Training.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Network;

/// <summary>
/// Which positions of a padded batch are real, and batch normalization that sees only those: padding moves neither the statistics nor the
/// result.
/// </summary>
internal static class SequenceMask
{
    // Those of a BatchNorm1d that is made without others.
    private const double Epsilon = 1e-5, Momentum = 0.1;

    /// <summary>N×L, true at the first counts[n] of L positions; counts N on any device, the result on <paramref name="device"/>.</summary>
    public static Tensor Mask(Tensor counts, long length, Device device) =>
        arange(length, device: device).unsqueeze(0) < counts.WithoutWaiting(device).unsqueeze(1);

    /// <summary>Normalizes the rows of x (N×L×D) where <paramref name="mask"/> (N×L) is true; the others become 0.</summary>
    /// <remarks>
    /// Weights rather than picks the rows, so that nothing waits for a GPU to count them. One row has no variance, so a lone position is
    /// normalized with the running statistics, which it leaves alone.
    /// </remarks>
    public static Tensor Normalize(BatchNorm1d normalization, Tensor x, Tensor mask)
    {
        x = x.to(ScalarType.Float32);                                                  // sums of a batch need it
        Tensor weight = mask.to(x.dtype).unsqueeze(2);                                 // N×L×1
        Tensor mean = normalization.running_mean!, variance = normalization.running_var!;
        if (normalization.training)
        {
            Tensor count = weight.sum(), several = count > 1;
            Tensor own = (x * weight).sum([0, 1]) / count.clamp(min: 1);               // D
            Tensor spread = ((x - own) * weight).square().sum([0, 1]);                 // D
            MoveStatistics(normalization, own, spread / (count - 1).clamp(min: 1), several);
            mean = where(several, own, mean);
            variance = where(several, spread / count.clamp(min: 1), variance);
        }
        Tensor scale = normalization.weight! / (variance + Epsilon).sqrt();
        return ((x - mean) * scale + normalization.bias!) * weight;
    }

    private static void MoveStatistics(BatchNorm1d normalization, Tensor mean, Tensor variance, Tensor several)
    {
        using IDisposable noGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor share = several.to(mean.dtype) * Momentum;
        normalization.running_mean!.lerp_(mean, share);
        normalization.running_var!.lerp_(variance, share);
        normalization.num_batches_tracked!.add_(several.to(ScalarType.Int64));
    }
}
