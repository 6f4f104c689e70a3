using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.Training.Export;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Export;

public sealed class SwanExporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, SwanVariant, bool, bool, bool, int> Shapes()
    {
        var shapes = new TheoryData<string, SwanVariant, bool, bool, bool, int>();
        foreach (string backbone in SwanBackbones.Names) shapes.Add(backbone, SwanVariant.Canonical, true, true, true, 96);
        shapes.Add("efficientnet_lite0", SwanVariant.Reference, true, true, true, 64);
        shapes.Add("efficientnet_lite0", SwanVariant.Canonical, false, true, true, 64);
        shapes.Add("efficientnet_lite0", SwanVariant.Canonical, true, false, true, 160);
        shapes.Add("efficientnet_lite0", SwanVariant.Canonical, true, true, false, 64);
        shapes.Add("efficientnet_lite0", SwanVariant.Canonical, false, false, false, 64);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_network_answers_the_same_from_its_model_file(
        string backbone, SwanVariant variant, bool vmsf, bool sfgs, bool tcge, int side)
    {
        SwanNetworkOptions options = RandomNetworks.Small with
        {
            Backbone = backbone,
            Variant = variant,
            UseVmsf = vmsf,
            UseSfgs = sfgs,
            UseTcge = tcge,
            ImageSize = side,
        };
        using SwanNetwork network = RandomNetworks.Create(options);
        WordCaptionTokenizer tokenizer = RandomNetworks.Tokenizer(options.VocabularyRows);
        string path = _folder.File("model.swan");

        ModelCard card = SwanExporter.Export(network, tokenizer, path);

        Assert.InRange(card.ExportDifference, 1e-12, 1e-5);
        using SwanModel model = SwanModel.Open(path, new SwanModelOptions { Device = SwanDevice.Cpu });
        byte[] pixels = Noise(model.Card.Image.ByteCount);
        var image = new RgbImage(side, side, pixels);
        Same(EmbedImage(network, pixels, model.Card.Image), model.EmbedImage(image));
        foreach (string caption in new[] { "wab", "wb wc", "wc wd we", "nothing known", "", "wb wc wd we wf wg wh wi wab wac wad wae" })
            Same(EmbedCaption(network, tokenizer, caption), ExportedNetworks.Embed(model, caption));
    }

    [Theory]
    [InlineData(SwanTextTower.Gru, true, true, true)]
    [InlineData(SwanTextTower.Gru, false, false, false)]
    [InlineData(SwanTextTower.MiniLm, true, true, true)]
    [InlineData(SwanTextTower.MiniLm, false, true, true)]
    public void A_residual_network_answers_the_same_from_its_model_file(SwanTextTower tower, bool vmsf, bool sfgs, bool tcge)
    {
        using SwanNetwork network = RandomNetworks.Create(
            RandomNetworks.Small with { TextTower = tower, Residual = true, UseVmsf = vmsf, UseSfgs = sfgs, UseTcge = tcge });
        ICaptionTokenizer tokenizer = tower == SwanTextTower.Gru ? RandomNetworks.Tokenizer(40)
            : new WordPieceCaptionTokenizer(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "river", "bridge", "##s",
                .. Enumerable.Range(0, 32).Select(i => $"word{i}")], 12);
        string path = _folder.File("model.swan");

        ModelCard card = SwanExporter.Export(network, tokenizer, path);

        Assert.InRange(card.ExportDifference, 1e-12, 1e-5);
        using SwanModel model = SwanModel.Open(path, new SwanModelOptions { Device = SwanDevice.Cpu });
        Assert.Equal(tokenizer.Contract, model.Tokenizer.Contract);
        foreach (string caption in new[] { "bridges river", "", "Rivers" })
            Same(EmbedCaption(network, tokenizer, caption), ExportedNetworks.Embed(model, caption));
    }

    [Theory]
    [InlineData(SwanVariant.Canonical)]
    [InlineData(SwanVariant.Reference)]
    public void A_caption_has_the_same_embedding_alone_and_in_any_batch(SwanVariant variant)
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small with { Variant = variant });
        string path = _folder.File("model.swan");
        SwanExporter.Export(network, RandomNetworks.Tokenizer(40), path);
        using SwanModel model = SwanModel.Open(path);
        string[] captions = ["wb", "wb wc wd we wf wg wh wi wab wac", "wd we", ""];

        float[] together = model.EmbedCaptions(
            Array.ConvertAll(captions, model.Tokenizer.Tokenize), batchSize: 64, progress: null, TestContext.Current.CancellationToken);

        for (int i = 0; i < captions.Length; i++)
            Same(ExportedNetworks.Embed(model, captions[i]), together.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize).ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(30)]
    public void Fixed_padding_encodes_a_caption_as_if_padded_to_that_length(int paddedLength)
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small with { Variant = SwanVariant.Reference });
        WordCaptionTokenizer tokenizer = RandomNetworks.Tokenizer(40);
        string path = _folder.File("model.swan");

        ModelCard card = SwanExporter.Export(
            network, tokenizer, path, new SwanExportOptions { Padding = SwanPadding.Fixed, PaddedLength = paddedLength });

        Assert.InRange(card.ExportDifference, 1e-12, 1e-5);
        using SwanModel model = SwanModel.Open(path);
        foreach (string caption in new[] { "wb", "wb wc wd we", "wb wc wd we wf wg wh wi wab wac" })
            Same(EmbedCaption(network, tokenizer, caption, paddedLength), ExportedNetworks.Embed(model, caption));
    }

    [Fact]
    public void A_canonical_network_refuses_padding_that_counts()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        string path = _folder.File("model.swan");

        var e = Assert.Throws<SwanFormatException>(() => SwanExporter.Export(
            network, RandomNetworks.Tokenizer(40), path, new SwanExportOptions { Padding = SwanPadding.Fixed, PaddedLength = 9 }));

        Assert.Contains("masked", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_network_that_answers_nothing_is_not_written_over_a_good_file()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        string path = _folder.File("model.swan");
        SwanExporter.Export(network, RandomNetworks.Tokenizer(40), path);
        byte[] before = File.ReadAllBytes(path);
        using (no_grad()) network.state_dict()["agg.fc_2.bias"].fill_(float.NaN);

        var e = Assert.Throws<SwanTrainingException>(() => SwanExporter.Export(network, RandomNetworks.Tokenizer(40), path));

        Assert.Contains("NaN", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void A_vocabulary_that_is_larger_than_the_word_table_is_refused()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);

        var e = Assert.Throws<ArgumentException>(
            () => SwanExporter.Export(network, RandomNetworks.Tokenizer(41), _folder.File("model.swan")));

        Assert.Contains("41 ids", e.Message, StringComparison.Ordinal);
        Assert.Contains("40 rows", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_says_what_the_model_is()
    {
        SwanNetworkOptions options = RandomNetworks.Small with { UseSfgs = false };
        using SwanNetwork network = RandomNetworks.Create(options);
        string path = _folder.File("model.swan");

        SwanExporter.Export(
            network, RandomNetworks.Tokenizer(40), path, new SwanExportOptions { Metrics = [new CardMetric("mR", 12.5, "nothing")] });

        ModelCard card = SwanModelFile.Read(path).Card;
        Assert.Equal("swan-efficientnet_lite0-canonical", card.Name);
        Assert.Equal(["vmsf", "tcge"], card.Modules);
        Assert.Equal(64, card.Image.Size);
        Assert.Equal(new TextContract("swan-text-1", 12, 40), card.Text);
        Assert.Equal(network.parameters().Sum(p => p.numel()), card.Parameters);
        Assert.Equal(12.5, Assert.Single(card.Metrics).Value);
    }

    [Fact]
    public void A_model_decodes_images_as_its_export_says()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        ModelCard Export(ImageDecode decode, SwanWeightPrecision precision) => SwanExporter.Export(
            network, RandomNetworks.Tokenizer(40), _folder.File("model.swan"),
            new SwanExportOptions { Decode = decode, WeightPrecision = precision });

        Assert.Equal(ImageDecode.Full, Export(new SwanExportOptions().Decode, SwanWeightPrecision.Float32).Image.Decode);
        Assert.Equal(ImageDecode.Scaled, Export(ImageDecode.Scaled, SwanWeightPrecision.Float32).Image.Decode);
        Assert.Equal(ImageDecode.Scaled, Export(ImageDecode.Scaled, SwanWeightPrecision.Int8).Image.Decode);
        Assert.Equal(ImageDecode.Scaled, SwanModelFile.Read(_folder.File("model.swan")).Card.Image.Decode);
        Assert.Throws<SwanOptionsException>(() => Export((ImageDecode)7, SwanWeightPrecision.Float32));
    }

    private static float[] EmbedImage(SwanNetwork network, byte[] pixels, ImagePreprocessing preprocessing)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        long side = preprocessing.Size;
        Tensor mean = tensor(preprocessing.Mean.ToArray()), deviation = tensor(preprocessing.Std.ToArray());
        Tensor input = (tensor(pixels).view(1, side, side, 3).to(ScalarType.Float32) / 255 - mean) / deviation;
        return SwanNetwork.Unit(network.EncodeImages(input.permute(0, 3, 1, 2))).data<float>().ToArray();
    }

    private static float[] EmbedCaption(SwanNetwork network, ICaptionTokenizer tokenizer, string caption, int paddedLength = 0)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        long[] ids = Array.ConvertAll(tokenizer.Tokenize(caption).Ids, id => (long)id);
        long[] padded = [.. ids, .. new long[Math.Max(0, paddedLength - ids.Length)]];
        return network.EncodeCaptions(tensor(padded).view(1, padded.Length), tensor(new[] { (long)ids.Length })).data<float>().ToArray();
    }

    private static byte[] Noise(int count)
    {
        var bytes = new byte[count];
        new Random(5).NextBytes(bytes);
        return bytes;
    }

    private static void Same(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(1, actual.Sum(v => v * v), tolerance: 1e-5);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5f));
    }
}
