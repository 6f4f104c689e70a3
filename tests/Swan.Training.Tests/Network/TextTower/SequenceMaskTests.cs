using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

public sealed class SequenceMaskTests
{
    private const int Captions = 3, Words = 5, Width = 4;

    [Theory]
    [InlineData(true, 5, 2, 3)]
    [InlineData(true, 1, 1, 0)]
    [InlineData(true, 0, 1, 0)] // a lone position has no variance
    [InlineData(true, 0, 0, 0)]
    [InlineData(false, 5, 2, 3)]
    [InlineData(false, 0, 1, 0)]
    [InlineData(false, 0, 0, 0)]
    public void Masked_batch_norm_equals_batch_norm_of_the_real_positions(bool training, params int[] lengths)
    {
        using var scope = NewDisposeScope();
        using BatchNorm1d expected = Norm(training), actual = Norm(training);
        Tensor x = tensor(FormulaWeights.Uniform("x", Captions * Words * Width)).view(Captions, Words, Width) * 3 + 1;
        Tensor weights = tensor(FormulaWeights.Uniform("weights", Captions * Words * Width)).view(Captions, Words, Width);
        Tensor one = x.clone().requires_grad_(), other = x.clone().requires_grad_();
        Tensor mask = SequenceMask.Mask(tensor(Array.ConvertAll(lengths, l => (long)l)), Words, CPU);

        Tensor picked = Picked(expected, one, mask), masked = SequenceMask.Normalize(actual, other, mask);
        (picked * weights).sum().backward();
        (masked * weights).sum().backward();

        Same(picked, masked);
        Same(expected.running_mean!, actual.running_mean!);
        Same(expected.running_var!, actual.running_var!);
        Assert.Equal(expected.num_batches_tracked!.item<long>(), actual.num_batches_tracked!.item<long>());
        Same(one.grad ?? zeros_like(one), other.grad!);
        Same(expected.weight!.grad ?? zeros(Width), actual.weight!.grad!);
        Same(expected.bias!.grad ?? zeros(Width), actual.bias!.grad!);
    }

    // The plain way: the real positions' rows through the layer, and back to their places.
    private static Tensor Picked(BatchNorm1d norm, Tensor x, Tensor mask)
    {
        Tensor rows = mask.flatten().nonzero().squeeze(1);
        if (rows.shape[0] == 0) return zeros_like(x).requires_grad_();
        Tensor valid = x.reshape(-1, Width).index_select(0, rows);
        if (rows.shape[0] == 1) norm.eval();
        return zeros(Captions * Words, Width).index_copy(0, rows, norm.call(valid)).view(x.shape);
    }

    private static BatchNorm1d Norm(bool training)
    {
        BatchNorm1d norm = nn.BatchNorm1d(Width);
        using (no_grad())
        {
            norm.weight!.copy_(tensor(FormulaWeights.Uniform("weight", Width)));
            norm.bias!.copy_(tensor(FormulaWeights.Uniform("bias", Width)));
            norm.running_mean!.fill_(0.3);
            norm.running_var!.fill_(2);
        }
        norm.train(training);
        return norm;
    }

    private static void Same(Tensor expected, Tensor actual) =>
        Assert.True(expected.allclose(actual, rtol: 1e-4, atol: 1e-5), $"expected {expected.ToString(true)}, got {actual.ToString(true)}");
}
