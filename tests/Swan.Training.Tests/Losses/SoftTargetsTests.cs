using Swan.Training.Losses;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Losses;

public sealed class SoftTargetsTests
{
    private const int Pairs = 6, Width = 5;

    [Fact]
    public void Shares_are_those_of_a_loop_and_sum_to_one()
    {
        using var scope = NewDisposeScope();
        float[] images = FormulaWeights.Uniform("images", Pairs * Width), captions = FormulaWeights.Uniform("captions", Pairs * Width);
        const double temperature = 0.2, share = 0.3;

        float[] actual = [.. SoftTargets.Of(eye(Pairs), tensor(images).view(Pairs, Width), tensor(captions).view(Pairs, Width), temperature, share).data<float>()];

        for (int i = 0; i < Pairs; i++)
        {
            double Alike(int j) => Math.Exp((Cosine(images, i, j) + Cosine(captions, i, j)) / 2 / temperature);
            double all = Enumerable.Range(0, Pairs).Sum(Alike);
            for (int j = 0; j < Pairs; j++)
                Assert.Equal((i == j ? 1 - share : 0) + share * Alike(j) / all, actual[i * Pairs + j], tolerance: 1e-5);
            Assert.Equal(1, actual.AsSpan(i * Pairs, Pairs).ToArray().Sum(), tolerance: 1e-5);
        }
    }

    [Fact]
    public void What_the_labels_share_stays_shared_and_nothing_is_learned_through_the_targets()
    {
        using var scope = NewDisposeScope();
        Tensor images = tensor(FormulaWeights.Uniform("images", 2 * Width)).view(2, Width).requires_grad_(true);
        Tensor labels = full([2, 2], 0.5);

        Tensor targets = SoftTargets.Of(labels, images, images, temperature: 0.1, share: 0);

        Assert.False(targets.requires_grad);
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], targets.data<float>().ToArray());
    }

    private static double Cosine(float[] rows, int i, int j)
    {
        ReadOnlySpan<float> a = rows.AsSpan(i * Width, Width), b = rows.AsSpan(j * Width, Width);
        return System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(a, b);
    }
}
