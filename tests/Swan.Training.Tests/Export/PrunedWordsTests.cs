using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.MLNet.Transforms;
using Swan.Training.Export;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Export;

public sealed class PrunedWordsTests : IDisposable
{
    // 5 marks, a spare place, 26 letters, 26 within words, then words.
    private static readonly string[] Tokens =
    [
        "[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Letters.Select(c => $"{c}"), .. Letters.Select(c => $"##{c}"),
        "river", "bridge", "harbour", "over", "quay", "jetty",
    ];

    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private const int Most = 5 + 52 + 3; // river, bridge, and what captions use

    private static readonly WordPieceCaptionTokenizer Whole = new(Tokens, 24);
    private readonly TemporaryFolder _folder = new();
    private readonly SwanNetwork _network = RandomNetworks.Create(
        RandomNetworks.Small with { TextTower = SwanTextTower.MiniLm, Residual = true, VocabularyRows = Tokens.Length });

    public void Dispose()
    {
        _network.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Captions_of_kept_words_get_exactly_the_same_vectors_and_others_those_of_their_pieces()
    {
        string full = _folder.File("full.swan"), small = _folder.File("small.swan");
        SwanExporter.Export(_network, Whole, full);

        ModelCard card = SwanExporter.Export(
            _network, Whole, small, new SwanExportOptions { MaxVocabularySize = Most, VocabularyCaptions = ["quay"] });

        Assert.Equal((Most, Tokens.Length), (card.Text.VocabularySize, card.TrainedVocabularySize));
        Assert.InRange(card.ExportDifference, 1e-12, 1e-5);
        using SwanModel expected = SwanModel.Open(full), found = SwanModel.Open(small);
        Assert.Null(expected.Card.TrainedVocabularySize);
        foreach (string caption in new[] { "river", "a bridge quay", "bridges", "zzz", "" })
            Assert.Equal(ExportedNetworks.Embed(expected, caption), ExportedNetworks.Embed(found, caption));
        float[] spelled = EmbedPieces("[CLS]", "j", "##e", "##t", "##t", "##y", "river", "[SEP]");
        Assert.All(spelled.Zip(found.EmbedCaption("jetty river")), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5f));
        Assert.NotEqual(expected.EmbedCaption("jetty river"), found.EmbedCaption("jetty river"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pruned_int8_model_answers_the_same_from_a_saved_pipeline(bool captions)
    {
        string model = _folder.File("model.swan"), image = _folder.File("image.png"), saved = _folder.File("pipeline.zip");
        SwanExporter.Export(_network, Whole, model,
            new SwanExportOptions { MaxVocabularySize = Most, VocabularyCaptions = ["quay"], WeightPrecision = SwanWeightPrecision.Int8 });
        TinyData.WriteImage(image, 1, new(30, 110, 40));
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable([
            new Row { Text = captions ? "a harbour over a quay" : image }, new Row { Text = captions ? "bridges" : image }]);
        var options = new SwanEmbeddingOptions { Device = SwanDevice.Cpu };
        using SwanEmbeddingTransformer fitted = (captions
            ? ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", model, options)
            : ml.Transforms.SwanEmbedding("Embedding", "Text", model, options)).Fit(data);

        ml.Model.Save(fitted, data.Schema, saved);
        ITransformer loaded = new MLContext(1).Model.Load(saved, out _);

        float[][] expected = [.. fitted.Transform(data).GetColumn<float[]>("Embedding")],
            found = [.. loaded.Transform(data).GetColumn<float[]>("Embedding")];
        Assert.Equal(2, found.Length);
        Assert.Equal(expected, found);
        using SwanModel direct = SwanModel.Open(model, new SwanModelOptions { Device = SwanDevice.Cpu });
        float[] alone = captions ? direct.EmbedCaption("a harbour over a quay") : direct.EmbedImage(image);
        Assert.All(alone.Zip(found[0]), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5f));
        (loaded as IDisposable)?.Dispose();
    }

    [Fact]
    public void A_number_of_words_that_covers_the_vocabulary_keeps_all_of_it()
    {
        ModelCard card = SwanExporter.Export(
            _network, Whole, _folder.File("model.swan"), new SwanExportOptions { MaxVocabularySize = 1000, VocabularyCaptions = ["quay"] });
        Assert.Equal((Tokens.Length, null), (card.Text.VocabularySize, card.TrainedVocabularySize));
    }

    [Theory]
    [InlineData(Most, new string[0], "has no captions")]
    [InlineData(null, new[] { "a quay" }, "MaxVocabularySize is not set")]
    [InlineData(50, new[] { "a quay" }, "58 must stay")]
    public void Words_without_captions_captions_without_words_and_too_few_words_are_refused(int? most, string[] captions, string expected)
    {
        string path = _folder.File("model.swan");
        var e = Assert.Throws<SwanOptionsException>(() => SwanExporter.Export(
            _network, Whole, path, new SwanExportOptions { MaxVocabularySize = most, VocabularyCaptions = captions }));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_vocabulary_of_training_words_can_not_be_pruned()
    {
        using SwanNetwork network = RandomNetworks.Create(RandomNetworks.Small);
        var e = Assert.Throws<SwanOptionsException>(() => SwanExporter.Export(network, RandomNetworks.Tokenizer(40),
            _folder.File("model.swan"), new SwanExportOptions { MaxVocabularySize = 20, VocabularyCaptions = ["wb"] }));
        Assert.Contains("swan-text-1", e.Message, StringComparison.Ordinal);
    }

    private float[] EmbedPieces(params string[] pieces)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        long[] ids = [.. pieces.Select(p => (long)Array.IndexOf(Tokens, p))];
        return _network.EncodeCaptions(tensor(ids).view(1, ids.Length), tensor(new[] { (long)ids.Length })).data<float>().ToArray();
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
