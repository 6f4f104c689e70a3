using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.Training.Export;
using Swan.Training.Network;

namespace Swan.Training.Tests.Export;

public sealed class CompressedExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_with_int8_arithmetic_says_so_and_embeds_nearly_the_same()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        (CaptionedImageSet train, CaptionedImageSet validation) = TinyData.Open(_folder.File("data"));
        string full = _folder.File("full.swan"), integer = _folder.File("int8.swan");
        SwanExporter.Export(network, RandomNetworks.Tokenizer(40), full);

        ModelCard card = SwanExporter.Export(network, RandomNetworks.Tokenizer(40), integer, Options(train, validation));

        Assert.Equal(SwanComputePrecision.Int8, card.Compute);
        Assert.Equal(2, card.FormatVersion);
        Assert.Equal(SwanWeightPrecision.Int8, card.Weights!.Precision);
        Assert.InRange(card.Weights.MinCosine, 0.9, 0.999999);
        Assert.Contains(card.Metrics, m => m.Name == "mR" && m.Data.EndsWith("as compressed", StringComparison.Ordinal));
        using SwanModel expected = SwanModel.Open(full), found = SwanModel.Open(integer);
        Assert.Equal(card.Fingerprint, found.Card.Fingerprint);
        Assert.NotEqual(expected.EmbedImage(train.Images[0].ImagePath), found.EmbedImage(train.Images[0].ImagePath));
    }

    [Fact]
    public void The_same_calibration_gives_the_same_embeddings_and_fingerprint()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        (CaptionedImageSet train, CaptionedImageSet validation) = TinyData.Open(_folder.File("data"));

        string?[] fingerprints = [.. Enumerable.Range(0, 2).Select(i => SwanExporter.Export(
            network, RandomNetworks.Tokenizer(40), _folder.File($"{i}.swan"), Options(train, validation)).Fingerprint)];

        Assert.NotNull(fingerprints[0]);
        Assert.Equal(fingerprints[0], fingerprints[1]);
    }

    [Fact]
    public void Int8_arithmetic_without_a_set_is_refused_by_the_sets_name()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        (CaptionedImageSet train, CaptionedImageSet validation) = TinyData.Open(_folder.File("data"));

        Refused(Options(train, validation) with { CalibrationSet = null }, "training set (CalibrationSet, --data)");
        Refused(Options(train, validation) with { ValidationSet = null }, "validation set (ValidationSet, --data)");
        Refused(
            Options(train, validation) with { WeightPrecision = SwanWeightPrecision.Float16 }, "WeightPrecision (--weights) is Float16");
        Refused(Options(train, validation) with { MaxRecallLoss = double.NaN }, "MaxRecallLoss (--max-recall-loss) is NaN");
        Refused(Options(train, validation) with { Compute = (SwanComputePrecision)9 }, "Compute is 9");

        void Refused(SwanExportOptions options, string message)
        {
            string path = _folder.File("refused.swan");
            var fault = Assert.Throws<SwanOptionsException>(
                () => SwanExporter.Export(network, RandomNetworks.Tokenizer(40), path, options));
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(path));
        }
    }

    [Fact]
    public void A_card_says_which_figures_are_compressed_and_which_images_learned()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        (CaptionedImageSet train, CaptionedImageSet validation) = TinyData.Open(_folder.File("data"));
        foreach ((int seed, CaptionedImage image) in train.Images.Concat(validation.Images).Index()) Sketches.Write(image.ImagePath, seed);
        SwanExportOptions options = new()
        {
            WeightPrecision = SwanWeightPrecision.Int8, ValidationSet = validation, MaxRecallLoss = 100,
            Metrics =
            [
                new("mR", 1, "a set"), new("mR", 2, "a set, as compressed, of the held-out model"), new("mR", 3, "a set, in float32"),
            ],
        };

        Assert.Equal(
            ["a set, in float32", "a set, as compressed, of the held-out model", "a set, in float32", $"{Measured}as compressed"],
            Data(options));
        Assert.Equal($"{Measured}as compressed", Data(options with { LearnedImages = Identities(train) })[^1]);
        Assert.Equal($"{Measured}as compressed, {validation.Images.Count} of which it has learned from",
            Data(options with { LearnedImages = Identities(validation) })[^1]);

        string[] Data(SwanExportOptions options) =>
        [
            .. SwanExporter.Export(network, RandomNetworks.Tokenizer(40), _folder.File("model.swan"), options,
                TestContext.Current.CancellationToken).Metrics.Select(m => m.Data),
        ];
    }

    private const string Measured = "val.jsonl (6 images, 18 captions), ";

    private static ImageIdentitySet Identities(CaptionedImageSet set) => new(set.Images.Select(i => ImageIdentity.Read(i.ImagePath)));

    [Fact]
    public void Compact_weights_with_a_validation_set_are_judged_by_recall()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        (_, CaptionedImageSet validation) = TinyData.Open(_folder.File("data"));

        ModelCard card = SwanExporter.Export(
            network, RandomNetworks.Tokenizer(40), _folder.File("model.swan"),
            new SwanExportOptions { WeightPrecision = SwanWeightPrecision.Float16, ValidationSet = validation, MaxRecallLoss = 100 });

        Assert.Equal(SwanComputePrecision.Float32, card.Compute);
        Assert.Contains(card.Metrics, m => m.Name == "mR");
    }

    [Theory]
    [InlineData(3, 10, new[] { 0, 1, 2 })]
    [InlineData(10, 3, new[] { 0, 3, 6 })]
    public void Calibration_takes_items_at_equal_distances(int items, int most, int[] expected)
    {
        Assert.Equal(expected, CalibrationInputs.Spread(Enumerable.Range(0, items).ToArray(), most));
    }

    // Untrained networks find nothing: what mR they have is chance.
    private static SwanExportOptions Options(CaptionedImageSet train, CaptionedImageSet validation) => new()
    {
        Compute = SwanComputePrecision.Int8, CalibrationSet = train, ValidationSet = validation, MaxRecallLoss = 100,
    };
}
