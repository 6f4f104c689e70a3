using Swan.Training.Losses;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Training;

public sealed class TrainingObjectiveTests
{
    private const int Images = 4, Width = 8;
    private const double Temperature = 0.2;

    private static readonly SwanTrainerOptions Options =
        new() { Loss = LossKind.InfoNce, Temperature = Temperature, Network = new() { EmbeddingSize = Width } };

    [Fact]
    public void Each_of_several_captions_is_a_right_answer_to_its_image()
    {
        using var scope = NewDisposeScope();
        const int captions = 3 * Images;
        Tensor images = Rows("images", Images), sentences = Rows("captions", captions);
        int[] imageOf = [.. Enumerable.Range(0, captions).Select(i => i % Images)];
        Tensor positives = RetrievalLoss.Positives(imageOf, [.. Enumerable.Range(0, captions).Select(i => (long)i)]);
        using TrainingObjective objective = TrainingObjective.Create(Options, scenes: 0);

        float actual = objective.Compute(images, sentences, positives, NoScenes()).item<float>();

        // The same as a loop, in which no image comes twice. Three equal answers share the probability, which adds log 3.
        Tensor similarity = SwanNetwork.Similarity(images, sentences);
        double[,] logits = new double[Images, captions];
        for (int i = 0; i < Images; i++)
        {
            for (int j = 0; j < captions; j++) logits[i, j] = similarity[i, j].item<float>() / Temperature;
        }

        double ofImages = Enumerable.Range(0, captions).Average(j => LogSum(captions, n => logits[imageOf[j], n]) - logits[imageOf[j], j]);
        double ofCaptions = Enumerable.Range(0, captions).Average(j => LogSum(Images, n => logits[n, j]) - logits[imageOf[j], j]);
        Assert.Equal((ofImages + ofCaptions + Math.Log(3)) / 2, actual, tolerance: 1e-4);

        static double LogSum(int count, Func<int, double> of) => Math.Log(Enumerable.Range(0, count).Sum(n => Math.Exp(of(n))));
    }

    [Fact]
    public void The_scene_classifier_sees_each_image_once()
    {
        using var scope = NewDisposeScope();
        Tensor images = Rows("images", Images), captions = Rows("captions", 2 * Images);
        Tensor scenes = tensor(new long[] { 0, 2, SceneLoss.NoScene, 1 });
        using TrainingObjective plain = TrainingObjective.Create(Options, scenes: 3);
        using TrainingObjective classifying = TrainingObjective.Create(Options with { SceneWeight = 0.3 }, scenes: 3);

        Tensor logits = images.matmul(Classifier("weight").transpose(0, 1)) + Classifier("bias");
        Tensor told = logits.log_softmax(1);
        double expected = 0.3 * -(told[0, 0] + told[1, 2] + told[3, 1]).item<float>() / 3;
        float without = plain.Compute(images, captions, null, scenes).item<float>();
        float with = classifying.Compute(images, captions, null, scenes).item<float>();

        Assert.Equal(expected, with - without, tolerance: 1e-4);

        Tensor Classifier(string name) =>
            classifying.named_parameters().Single(p => p.name == $"scene.classifier.{name}").parameter;
    }

    private static Tensor NoScenes() => full([Images], SceneLoss.NoScene, ScalarType.Int64);

    private static Tensor Rows(string name, int rows) => tensor(FormulaWeights.Uniform(name, rows * Width)).view(rows, Width);
}
