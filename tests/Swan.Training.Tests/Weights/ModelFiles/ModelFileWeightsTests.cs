using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;
using Swan.Training.Export;
using Swan.Training.Network;
using Swan.Training.Weights;

namespace Swan.Training.Tests.Weights;

/// <summary>Weights come back from a model file: the network that has them answers as the file does, and exports to such a file.</summary>
public sealed class ModelFileWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_network_of_every_shape_comes_back_from_its_file(string shape)
    {
        SwanNetworkOptions options = RandomNetworks.Shapes[shape];
        string first = _folder.File("first.swan"), second = _folder.File("second.swan");
        using (SwanNetwork network = RandomNetworks.Create(options)) Export(network, first);

        using SwanNetwork back = SwanNetwork.Create(options, seed: 11);
        SwanModelFile file = SwanModelFile.Read(first);
        ModelFileWeights.Load(back, file);
        Export(back, second);

        Assert.InRange(Agreement(back, file).MaxDifference, 0, 1e-5);
        Assert.InRange(Agreement(back, SwanModelFile.Read(second)).MaxDifference, 0, 1e-5);
    }

    public static TheoryData<string> Shapes() => [.. RandomNetworks.Shapes.Keys];

    [Theory]
    [InlineData(SwanWeightPrecision.Float32), InlineData(SwanWeightPrecision.Float16), InlineData(SwanWeightPrecision.Int8)]
    public void Weights_in_fewer_bits_come_back_as_they_are_computed_with(SwanWeightPrecision precision)
    {
        string path = _folder.File("model.swan");
        using SwanNetwork network = RandomNetworks.Create(Wide), back = SwanNetwork.Create(Wide, seed: 11);
        Export(network, path, new() { WeightPrecision = precision });

        SwanModelFile file = SwanModelFile.Read(path);
        ModelFileWeights.Load(back, file);

        double read = Agreement(back, file).MaxDifference;
        double stored = Agreement(network, file).MaxDifference;
        Assert.InRange(read, 0, 1e-6);
        Assert.True(precision == SwanWeightPrecision.Float32 || stored > 3 * read, $"{stored} {read}");
    }

    [Theory]
    [InlineData("lite0"), InlineData("resnet18"), InlineData("minilm")]
    public void Weights_of_integer_arithmetic_come_back_near_the_files_answers(string shape)
    {
        SwanNetworkOptions options = RandomNetworks.Shapes[shape];
        (CaptionedImageSet train, CaptionedImageSet validation) = TinyData.Open(_folder.File("data"));
        string path = _folder.File("model.swan");
        using SwanNetwork network = RandomNetworks.Create(options), back = SwanNetwork.Create(options, seed: 11);
        Export(network, path, new()
        {
            Compute = SwanComputePrecision.Int8, CalibrationSet = train, ValidationSet = validation, MaxRecallLoss = 100,
        });

        SwanModelFile file = SwanModelFile.Read(path);
        ModelFileWeights.Load(back, file);

        // The float32 network that the integers stand for, and the one that they were made from.
        Assert.InRange(Agreement(back, file).MeanCosine, 0.97, 1);
        Assert.InRange(Agreement(network, file).MeanCosine, 0.97, 1);
    }

    [Fact]
    public void A_normalized_model_comes_back_without_its_bank()
    {
        (CaptionedImageSet train, _) = TinyData.Open(_folder.File("data"));
        string path = _folder.File("model.swan");
        using SwanNetwork network = RandomNetworks.Create(Wide), back = SwanNetwork.Create(Wide, seed: 11);
        Export(network, path);
        SwanModelFile plain = SwanModelFile.Read(path), normalized = QuerybankNormalization.Apply(
            plain, train, cancellationToken: TestContext.Current.CancellationToken);

        ModelFileWeights.Load(back, normalized);

        Assert.InRange(Agreement(back, plain).MaxDifference, 0, 1e-5);
        Assert.InRange(Agreement(back, normalized).MaxDifference, 0, 1e-5);
    }

    [Fact]
    public void A_file_of_another_shape_is_refused_with_the_constant_that_differs()
    {
        string path = _folder.File("model.swan");
        using SwanNetwork network = RandomNetworks.Create(Wide);
        Export(network, path);
        using SwanNetwork other = SwanNetwork.Create(Wide with { SalientChannels = 5 });

        string message = Assert.Throws<SwanFormatException>(() => ModelFileWeights.Load(other, SwanModelFile.Read(path))).Message;

        Assert.Matches("the image graph of 'model.swan' has the constant 'constant_[0-9]+' as 4×24×1×1, but .* has 5×24×1×1", message);
    }

    private static SwanNetworkOptions Wide => RandomNetworks.Shapes["lite0"];

    private static void Export(SwanNetwork network, string path, SwanExportOptions? options = null) =>
        SwanExporter.Export(network, RandomNetworks.Tokenizer(network.Options), path, options);

    private static EmbeddingAgreement Agreement(SwanNetwork network, SwanModelFile file)
    {
        network.eval();
        return TowerVerification.Measure(network, file, trainedIds: null, TestContext.Current.CancellationToken);
    }
}
