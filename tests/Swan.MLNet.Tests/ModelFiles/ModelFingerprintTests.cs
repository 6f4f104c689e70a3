using System.Security.Cryptography;
using System.Text;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.ModelFiles;

public sealed class ModelFingerprintTests : IDisposable
{
    private static readonly Querybank Bank = new() { Images = 2, Temperature = 0.1, Data = "bank", Sha256 = new string('0', 64) };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_fingerprint_is_the_hash_that_the_guide_specifies()
    {
        SwanModelFile file = Create(TinyModel.Card);
        string specified = $"""
            ["swan-model","2",
            "image.onnx","{Hash(TinyModel.ImageOnnx)}","text.onnx","{Hash(TinyModel.TextOnnx)}",
            "vocabulary.json","{Hash(TinyModel.Vocabulary)}",
            "variant","canonical","embeddingSize",6,"compute","float32","querybank","none",
            "image.contract","swan-image-1","image.size",8,
            "image.mean",0.485,"image.mean",0.456,"image.mean",0.406,
            "image.deviation",0.229,"image.deviation",0.224,"image.deviation",0.225,
            "image.decode","full","image.range","{SampleRange.Default}","image.bands","red","image.bands","green","image.bands","blue",
            "text.contract","swan-text-1","text.maximumLength",12,"text.vocabularySize",{TinyModel.Tokenizer.VocabularySize},
            "text.padding","masked","text.paddedLength",0]
            """;

        Assert.Equal(Hash(Encoding.UTF8.GetBytes(specified.ReplaceLineEndings(""))), file.Card.Identity!.Fingerprint);
        Assert.Equal(file.Card.Fingerprint, file.Card.Identity.Fingerprint);
    }

    public static TheoryData<string, ModelCard> OtherEmbeddings => new()
    {
        { "captions are cut earlier", TinyModel.Card with { Text = TinyModel.Card.Text with { MaxLength = 5 } } },
        { "another tokenizer", TinyModel.Card with { Text = TinyModel.Card.Text with { Contract = "wordpiece-1" } } },
        { "more words", TinyModel.Card with { Text = TinyModel.Card.Text with { VocabularySize = 99 } } },
        { "padding", TinyModel.Card with
            {
                Variant = SwanVariant.Reference,
                Text = TinyModel.Card.Text with { Padding = SwanPadding.Fixed, PaddedLength = 7 },
            } },
        { "the variant", TinyModel.Card with { Variant = SwanVariant.Reference } },
        { "the length of embeddings", TinyModel.Card with { EmbeddingSize = 7 } },
        { "a constant last value", TinyModel.Card with { Querybank = Bank } },
        { "integers", TinyModel.Card with { Compute = SwanComputePrecision.Int8 } },
        { "larger images", TinyModel.Card with { Image = new ImagePreprocessing { Size = 16 } } },
        { "a mean", TinyModel.Card with { Image = new ImagePreprocessing { Size = 8, Mean = [0.5f, 0.456f, 0.406f] } } },
        { "a deviation", TinyModel.Card with { Image = new ImagePreprocessing { Size = 8, Std = [0.229f, 0.224f, 0.5f] } } },
    };

    [Theory]
    [MemberData(nameof(OtherEmbeddings))]
    public void What_changes_embeddings_changes_the_fingerprint(string what, ModelCard other)
    {
        ModelIdentity plain = Create(TinyModel.Card).Card.Identity!, changed = Create(other).Card.Identity!;

        Assert.NotEmpty(what);
        Assert.NotEqual(plain.Fingerprint, changed.Fingerprint);
    }

    [Fact]
    public void Whole_numbers_count_to_their_last_digit() => Assert.NotEqual(
        Create(TinyModel.Card with { Text = TinyModel.Card.Text with { VocabularySize = 16_777_216 } }).Card.Fingerprint,
        Create(TinyModel.Card with { Text = TinyModel.Card.Text with { VocabularySize = 16_777_217 } }).Card.Fingerprint);

    [Fact]
    public void What_is_for_people_and_guards_changes_no_fingerprint()
    {
        SwanModelFile plain = Create(TinyModel.Card);
        SwanModelFile[] same =
        [
            Create(TinyModel.Card with
            {
                Name = "other", Backbone = "another", Metrics = [], Parameters = 1, Exported = DateTimeOffset.UnixEpoch,
                Training = new Dictionary<string, string>(), Modules = ["vmsf"], ExportDifference = 1e-5,
            }),
            plain.WithLearnedImages(new ImageIdentitySet([new(1, 2)])),
            plain.WithCalibration("{}"u8.ToArray()),
        ];

        Assert.All(same, file => Assert.Equal(plain.Card.Fingerprint, file.Card.Fingerprint));
    }

    [Theory]
    [InlineData("text", "maximumLength", "5")]
    [InlineData("text", "vocabularySize", "99")]
    [InlineData("image", "size", "16")]
    [InlineData("image", "mean", "[0.5,0.5,0.5]")]
    public void A_card_that_was_changed_afterwards_is_refused(string part, string field, string value)
    {
        string path = EditedModelFile.Write(TinyModel.Write(_folder.FullName), _folder.File("edited.swan"),
            editCard: card => card[part]![field] = System.Text.Json.Nodes.JsonNode.Parse(value));

        string message = Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path)).Message;

        Assert.Contains("changed after the export", message, StringComparison.Ordinal);
        Assert.Contains("edited.swan", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_querybank_that_was_removed_from_a_card_is_noticed()
    {
        string path = EditedModelFile.Write(TinyModel.WriteWithConstant(_folder.FullName), _folder.File("edited.swan"),
            editCard: card => card.AsObject().Remove("querybank"));

        Assert.Throws<SwanFormatException>(() => SwanModelFile.Read(path));
    }

    [Fact]
    public void An_index_of_a_model_of_the_same_name_says_how_to_build_it_again()
    {
        using SwanModel first = SwanModel.Open(Create(TinyModel.Card));
        using SwanModel second = SwanModel.Open(Create(TinyModel.Card with { Text = TinyModel.Card.Text with { MaxLength = 5 } }));
        SwanIndex index = SwanIndex.Build(new float[TinyModel.EmbeddingSize].Select((_, i) => i + 1f).ToArray(), TinyModel.EmbeddingSize,
            ["a.png"], first.Card.Identity);

        string message = Assert.Throws<SwanMismatchException>(() => index.SearchCaption(second, "green river", 1)).Message;

        Assert.Contains("They share a name, but not the weights, vocabulary, or rules for images", message, StringComparison.Ordinal);
        Assert.Contains("build the index again with BuildIndex", message, StringComparison.Ordinal);
    }

    private static SwanModelFile Create(ModelCard card) =>
        SwanModelFile.Create("tiny.swan", card, TinyModel.ImageOnnx, TinyModel.TextOnnx, TinyModel.Vocabulary);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
