using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.Training.Export;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Export;

public sealed class WeightCompressionTests : IDisposable
{
    private static readonly string[] Captions = ["bridges river", "", "word7 word1 word30", "a quay"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SwanTextTower.MiniLm, SwanWeightPrecision.Float16, 0.55, 0.99999)]
    [InlineData(SwanTextTower.MiniLm, SwanWeightPrecision.Int8, 0.3, 0.995)]
    [InlineData(SwanTextTower.Gru, SwanWeightPrecision.Float16, 0.55, 0.99999)]
    [InlineData(SwanTextTower.Gru, SwanWeightPrecision.Int8, 0.35, 0.995)]
    public void A_compact_file_is_smaller_and_embeds_nearly_the_same(
        SwanTextTower tower, SwanWeightPrecision precision, double size, double cosine)
    {
        using SwanNetwork network = Network(tower);
        ICaptionTokenizer tokenizer = Tokenizer(tower);
        string full = _folder.File("full.swan"), compact = _folder.File("compact.swan");
        SwanExporter.Export(network, tokenizer, full);

        ModelCard card = SwanExporter.Export(network, tokenizer, compact, new SwanExportOptions { WeightPrecision = precision });

        Assert.InRange(new FileInfo(compact).Length, 1, size * new FileInfo(full).Length);
        Assert.InRange(card.ExportDifference, 1e-12, 1e-5);
        Assert.Equal(precision, card.Weights!.Precision);
        Assert.InRange(card.Weights.MinCosine, cosine, 1);
        Assert.InRange(card.Weights.MeanCosine, card.Weights.MinCosine, 1);
        Assert.InRange(card.Weights.MaxDifference, card.ExportDifference, 0.1);
        using SwanModel expected = SwanModel.Open(full), found = SwanModel.Open(compact);
        Assert.Equal(card.Weights, found.Card.Weights);
        Assert.NotEqual(expected.Card.Identity, found.Card.Identity);
        foreach (string caption in Captions)
            Similar(ExportedNetworks.Embed(expected, caption), ExportedNetworks.Embed(found, caption), cosine);
        byte[] pixels = new byte[expected.Card.Image.ByteCount];
        new Random(5).NextBytes(pixels);
        var image = new MLNet.Imaging.RgbImage(expected.Card.Image.Size, expected.Card.Image.Size, pixels);
        Similar(expected.EmbedImage(image), found.EmbedImage(image), cosine);
    }

    public static TheoryData<string, SwanVariant> Networks()
    {
        var networks = new TheoryData<string, SwanVariant> { { "efficientnet_lite0", SwanVariant.Reference } };
        foreach (string backbone in SwanBackbones.Names) networks.Add(backbone, SwanVariant.Canonical);
        return networks;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_backbone_and_variant_stays_close_in_int8(string backbone, SwanVariant variant)
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small with { Backbone = backbone, Variant = variant });

        ModelCard card = SwanExporter.Export(network, RandomNetworks.Tokenizer(40), _folder.File("model.swan"),
            new SwanExportOptions { WeightPrecision = SwanWeightPrecision.Int8 });

        Assert.InRange(card.Weights!.MinCosine, 0.99, 1);
        Assert.InRange(card.Weights.MaxDifference, 10 * card.ExportDifference, 0.1);
    }

    [Fact]
    public void A_large_word_table_takes_a_byte_a_weight_and_embeds_nearly_the_same()
    {
        const int Words = 5000;
        using SwanNetwork network = RandomNetworks.Create(
            RandomNetworks.Small with { TextTower = SwanTextTower.MiniLm, Residual = true, VocabularyRows = Words });
        var tokenizer = new WordPieceCaptionTokenizer(
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(0, Words - 5).Select(i => $"word{i}")], 12);
        string path = _folder.File("model.swan");

        ModelCard card = SwanExporter.Export(
            network, tokenizer, path, new SwanExportOptions { WeightPrecision = SwanWeightPrecision.Int8 });

        Assert.InRange(card.Weights!.MinCosine, 0.99, 1);
        using var zip = System.IO.Compression.ZipFile.OpenRead(path);
        System.IO.Compression.ZipArchiveEntry text = zip.GetEntry("text.onnx")!;
        double floats = 4.0 * network.named_parameters()
            .Where(p => p.name.StartsWith("text_encoder.", StringComparison.Ordinal))
            .Sum(p => p.parameter.numel());
        Assert.InRange(text.Length, 0.25 * floats, 0.28 * floats);
    }

    [Fact]
    public void Float32_is_the_default_and_its_card_is_as_it_always_was()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        string path = _folder.File("model.swan");

        ModelCard card = SwanExporter.Export(network, RandomNetworks.Tokenizer(40), path);

        Assert.Null(card.Weights);
        Assert.Null(SwanModelFile.Read(path).Card.Weights);
        using var zip = System.IO.Compression.ZipFile.OpenRead(path);
        using var reader = new StreamReader(zip.GetEntry("card.json")!.Open(), Encoding.UTF8);
        Assert.False(JsonDocument.Parse(reader.ReadToEnd()).RootElement.TryGetProperty("weights", out _));
    }

    [Fact]
    public void A_network_that_rounding_would_change_is_refused_and_float32_still_holds_it()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small with { EmbeddingSize = 64 });
        using (no_grad())
        {
            // An input of the last layer that is always 0 has by far the largest weights: beside them, all others round to 0.
            var state = network.state_dict();
            state["agg.fc_1.weight"][0].zero_();
            state["agg.fc_1.bias"][0].fill_(-1f);
            state["agg.fc_2.weight"].index_fill_(1, tensor(new[] { 0L }), 1e4f);
        }
        string path = _folder.File("model.swan");
        WordCaptionTokenizer tokenizer = RandomNetworks.Tokenizer(40);

        var e = Assert.Throws<SwanTrainingException>(
            () => SwanExporter.Export(network, tokenizer, path, new SwanExportOptions { WeightPrecision = SwanWeightPrecision.Int8 }));

        Assert.Contains("int8", e.Message, StringComparison.Ordinal);
        Assert.Contains("such as float16", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
        SwanExporter.Export(network, tokenizer, path);
    }

    [Fact]
    public void A_precision_that_does_not_exist_is_refused()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        var e = Assert.Throws<SwanOptionsException>(() => SwanExporter.Export(
            network, RandomNetworks.Tokenizer(40), _folder.File("model.swan"),
            new SwanExportOptions { WeightPrecision = (SwanWeightPrecision)7 }));
        Assert.Contains("Float32, Float16, Int8", e.Message, StringComparison.Ordinal);
    }

    private static SwanNetwork Network(SwanTextTower tower) => RandomNetworks.Create(RandomNetworks.Small with
    {
        // A GRU whose matrices and word table are worth compacting.
        TextTower = tower, Residual = tower == SwanTextTower.MiniLm, EmbeddingSize = 64, WordDimension = 48, VocabularyRows = 100,
    });

    private static ICaptionTokenizer Tokenizer(SwanTextTower tower) => tower == SwanTextTower.Gru ? RandomNetworks.Tokenizer(100)
        : new WordPieceCaptionTokenizer(
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "river", "bridge", "##s", .. Enumerable.Range(0, 32).Select(i => $"word{i}")],
            12);

    private static void Similar(float[] expected, float[] found, double cosine)
    {
        Assert.Equal(1, TensorPrimitives.Norm(found), tolerance: 1e-5);
        Assert.InRange(TensorPrimitives.CosineSimilarity(expected, found), cosine, 1.0001);
    }
}
