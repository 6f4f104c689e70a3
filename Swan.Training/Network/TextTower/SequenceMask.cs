using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Network;

/// <summary>
/// Which positions of a padded batch are real, and batch normalization that sees only those: padding moves neither the statistics nor the
/// result.
/// </summary>
internal static class SequenceMask
{
    /// <summary>N×L, true at the first counts[n] of L positions; counts N on any device, the result on <paramref name="device"/>.</summary>
    public static Tensor Mask(Tensor counts, long length, Device device) =>
        arange(length, device: device).unsqueeze(0) < counts.to(device).unsqueeze(1);

    /// <summary>Normalizes the rows of x (N×L×D) where <paramref name="mask"/> (N×L) is true; the others become 0.</summary>
    public static Tensor Normalize(BatchNorm1d normalization, Tensor x, Tensor mask)
    {
        long width = x.shape[2];
        Tensor rows = mask.flatten().nonzero().squeeze(1);             // M
        if (rows.shape[0] == 0) return zeros_like(x);
        Tensor valid = x.reshape(-1, width).index_select(0, rows);     // M×D
        // One row has no variance: a lone position is normalized with the running statistics.
        Tensor normalized = rows.shape[0] > 1 || !normalization.training
            ? normalization.call(valid)
            : nn.functional.batch_norm(valid, normalization.running_mean!, normalization.running_var!, normalization.weight,
                normalization.bias, training: false, eps: 1e-5);
        return zeros(x.shape[0] * x.shape[1], width, dtype: x.dtype, device: x.device).index_copy(0, rows, normalized).view(x.shape);
    }
}
