using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.Training.Export;
using Swan.Training.Network;

namespace Swan.Training.Tests.Export;

/// <summary>What a file that is compressed or decodes scaled may lose, and what its card says of what was measured how.</summary>
public sealed class RecallGateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanNetwork _network = RandomNetworks.Create(RandomNetworks.Small);

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(SwanWeightPrecision.Int8, ImageDecode.Full, "the compressed model has an mR of 22.40, but 23.00 in float32: it loses")]
    [InlineData(SwanWeightPrecision.Float32, ImageDecode.Scaled,
        "the scaled model has an mR of 22.40, but 23.00 in float32 and decoded in full: it loses")]
    [InlineData(SwanWeightPrecision.Int8, ImageDecode.Scaled,
        "the compressed and scaled model has an mR of 22.40, but 23.00 in float32 and decoded in full: it loses")]
    public void A_loss_of_recall_above_the_limit_is_refused_with_both_values(
        SwanWeightPrecision precision, ImageDecode decode, string message)
    {
        var options = new SwanExportOptions { WeightPrecision = precision, Decode = decode, MaxRecallLoss = 0.5 };
        var agreement = new EmbeddingAgreement();

        RecallGate.CheckRecall(new RecallComparison(23.0, 22.5, agreement), options, "m.swan");
        var fault = Assert.Throws<SwanTrainingException>(
            () => RecallGate.CheckRecall(new RecallComparison(23.0, 22.4, agreement), options, "m.swan"));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Contains("(MaxRecallLoss, --max-recall-loss)", fault.Message, StringComparison.Ordinal);
        Assert.Contains("'m.swan'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_says_which_figures_are_of_images_decoded_in_full()
    {
        SwanExportOptions options = new()
        {
            Decode = ImageDecode.Scaled, MaxRecallLoss = 100,
            Metrics = [new("mR", 1, "a set"), new("mR", 2, "a set, decoded scaled"), new("mR", 3, "a set, as compressed")],
        };
        string[] before = ["a set, decoded in full", "a set, decoded scaled", "a set, as compressed, decoded in full"];

        Assert.Equal(before, Data(options));
        Assert.Equal([.. before, "large (4 images, 4 captions), decoded scaled"], Data(options with { ValidationSet = Large() }));
        Assert.Equal(
            [
                "a set, in float32, decoded in full", "a set, decoded scaled, in float32", "a set, as compressed, decoded in full",
                "large (4 images, 4 captions), as compressed, decoded scaled",
            ],
            Data(options with { ValidationSet = Large(), WeightPrecision = SwanWeightPrecision.Int8 }));
        Assert.Equal(["a set", "a set, decoded scaled", "a set, as compressed"], Data(options with { Decode = ImageDecode.Full }));

        string[] Data(SwanExportOptions options) => [.. Export(options).Metrics.Select(m => m.Data)];
    }

    // The same file on both sides: if both decoded alike, their embeddings would be the same bits.
    [Theory]
    [InlineData(ImageDecode.Full)]
    [InlineData(ImageDecode.Scaled)]
    public void A_scaled_model_is_compared_with_the_same_one_in_full(ImageDecode decode)
    {
        SwanExportOptions options = new() { Decode = decode, MaxRecallLoss = 100 };
        Export(options);
        SwanModelFile file = SwanModelFile.Read(_folder.File("model.swan"));

        EmbeddingAgreement agreement =
            RecallGate.Measure(file, file, Large(), options, "model.swan", TestContext.Current.CancellationToken).Agreement;

        Assert.Equal(decode == ImageDecode.Scaled, agreement.MaxDifference > 0);
    }

    [Theory]
    [InlineData(0, " (no image in a smaller scale)")]
    [InlineData(1, " (1 of 4 images in a smaller scale)")]
    [InlineData(3, " (3 of 4 images in a smaller scale)")]
    [InlineData(4, "")]
    public void A_card_says_how_many_images_were_scaled_at_all(int large, string text)
    {
        SwanExportOptions options = new() { Decode = ImageDecode.Scaled, MaxRecallLoss = 100, ValidationSet = Large(large) };

        CardMetric metric = Export(options).Metrics[^1];

        Assert.Equal($"large (4 images, 4 captions), decoded scaled{text}", metric.Data);
        Assert.Equal(large == 0, RecallGate.IsUnscaled(metric, options.ValidationSet));
    }

    private ModelCard Export(SwanExportOptions options) => SwanExporter.Export(
        _network, RandomNetworks.Tokenizer(40), _folder.File("model.swan"), options, TestContext.Current.CancellationToken);

    // Of four images so many are so large that a model takes them in a smaller scale; the others are as it takes them.
    private CaptionedImageSet Large(int large = 4)
    {
        return new([.. Enumerable.Range(0, 4).Select(i =>
        {
            int side = (i < large ? 3 : 1) * SwanBackbones.PreprocessingFor(RandomNetworks.Small).Size;
            string path = _folder.File($"large{i}.jpg");
            File.WriteAllBytes(path, NaturalPictures.Jpeg(side, side + i, seed: i));
            return new CaptionedImage(path, Path.GetFileName(path), null, [$"w{"abcd"[i]} wb"]);
        })], "large");
    }
}
