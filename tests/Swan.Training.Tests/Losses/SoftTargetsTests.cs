using Swan.Training.Losses;
using Swan.Training.Network;
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

        float[] actual = [.. SoftTargets
            .Compute(eye(Pairs), tensor(images).view(Pairs, Width), tensor(captions).view(Pairs, Width), temperature, share)
            .data<float>()];

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

        Tensor targets = SoftTargets.Compute(labels, images, images, temperature: 0.1, share: 0);

        Assert.False(targets.requires_grad);
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], targets.data<float>().ToArray());
    }

    [Fact]
    public void A_training_steps_loss_has_them_beside_the_positives_at_the_losss_own_temperature()
    {
        using var scope = NewDisposeScope();
        Tensor images = tensor(FormulaWeights.Uniform("images", Pairs * Width)).view(Pairs, Width),
            captions = tensor(FormulaWeights.Uniform("captions", Pairs * Width)).view(Pairs, Width);
        Tensor positives = RetrievalLoss.Positives([1, 2, 3, 1, 5, 6], [1, 2, 3, 4, 5, 2]),
            none = full([Pairs], SceneLoss.NoScene, ScalarType.Int64);
        var options = new SwanTrainerOptions
        {
            Loss = LossKind.InfoNce,
            Temperature = 0.2,
            SoftTargets = 0.3,
            Network = new() { EmbeddingSize = Width },
        };
        using TrainingObjective soft = TrainingObjective.Create(options, scenes: 0),
            hard = TrainingObjective.Create(options with { SoftTargets = 0 }, scenes: 0);

        // The loss is linear in the targets: the labels' part, and the resemblance's alone.
        Tensor alike = SoftTargets.Compute(zeros(Pairs, Pairs), images, captions, 0.2, share: 1);
        using var nce = new InfoNceLoss(0.2);
        float resemblance = nce.Compute(SwanNetwork.Similarity(images, captions), alike).item<float>();
        float labels = hard.Compute(images, captions, positives, none).item<float>(),
            actual = soft.Compute(images, captions, positives, none).item<float>();

        Assert.Equal(0.7 * labels + 0.3 * resemblance, actual, tolerance: 1e-4);
        Assert.True(Math.Abs(actual - labels) > 1e-3);
    }

    [Fact]
    public void What_teachers_see_is_shared_over_the_captions_for_an_image_and_over_the_images_for_a_caption()
    {
        using var scope = NewDisposeScope();
        float[] seen = FormulaWeights.Uniform("teachers", Pairs * Pairs);
        const double temperature = 0.2, share = 0.3;

        (Tensor ofImages, Tensor ofCaptions) = SoftTargets.Compute(eye(Pairs), tensor(seen).view(Pairs, Pairs), temperature, share);

        float[] images = [.. ofImages.data<float>()], captions = [.. ofCaptions.data<float>()];
        for (int i = 0; i < Pairs; i++)
        {
            for (int j = 0; j < Pairs; j++)
            {
                Assert.Equal(Share(i, j, n => seen[i * Pairs + n]), images[i * Pairs + j], tolerance: 1e-5);
                Assert.Equal(Share(i, j, n => seen[n * Pairs + i]), captions[i * Pairs + j], tolerance: 1e-5);
            }
        }

        static double Share(int i, int j, Func<int, float> cosine) =>
            (i == j ? 1 - share : 0)
            + share * Math.Exp(cosine(j) / temperature) / Enumerable.Range(0, Pairs).Sum(n => Math.Exp(cosine(n) / temperature));
    }

    [Fact]
    public void With_teachers_a_training_steps_loss_has_their_shares_instead_of_the_networks_own()
    {
        using var scope = NewDisposeScope();
        Tensor images = tensor(FormulaWeights.Uniform("images", Pairs * Width)).view(Pairs, Width),
            captions = tensor(FormulaWeights.Uniform("captions", Pairs * Width)).view(Pairs, Width);
        Tensor teachers = tensor(FormulaWeights.Uniform("teachers", Pairs * Pairs)).view(Pairs, Pairs),
            none = full([Pairs], SceneLoss.NoScene, ScalarType.Int64);
        var options = new SwanTrainerOptions
        {
            Loss = LossKind.InfoNce,
            Temperature = 0.2,
            SoftTargets = 0.3,
            Network = new() { EmbeddingSize = Width },
        };
        using TrainingObjective soft = TrainingObjective.Create(options, scenes: 0);

        // The same as a loop over both directions.
        Tensor similarity = SwanNetwork.Similarity(images, captions);
        (Tensor ofImages, Tensor ofCaptions) = SoftTargets.Compute(eye(Pairs), teachers, 0.2, 0.3);
        double expected = (Loss(similarity, ofImages) + Loss(similarity.transpose(0, 1), ofCaptions)) / 2;
        float actual = soft.Compute(images, captions, null, none, teachers).item<float>();

        Assert.Equal(expected, actual, tolerance: 1e-4);
        Assert.True(Math.Abs(soft.Compute(images, captions, null, none).item<float>() - actual) > 1e-3);

        static double Loss(Tensor rows, Tensor targets)
        {
            float[] cosines = [.. rows.contiguous().data<float>()], shares = [.. targets.data<float>()];
            return Enumerable.Range(0, Pairs).Average(i =>
            {
                double all = Math.Log(Enumerable.Range(0, Pairs).Sum(j => Math.Exp(cosines[i * Pairs + j] / 0.2)));
                return Enumerable.Range(0, Pairs).Sum(j => shares[i * Pairs + j] * (all - cosines[i * Pairs + j] / 0.2));
            });
        }
    }

    private static double Cosine(float[] rows, int i, int j)
    {
        ReadOnlySpan<float> a = rows.AsSpan(i * Width, Width), b = rows.AsSpan(j * Width, Width);
        return System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(a, b);
    }
}
