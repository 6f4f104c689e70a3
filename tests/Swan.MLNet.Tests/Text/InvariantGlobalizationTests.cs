using Microsoft.ML;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Text;

public sealed class InvariantGlobalizationTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "GREEN RİVER", "green rıver", "GREEN rI\u0307VER", "green ri\u0301ver", "green ríver", "ｇｒｅｅｎ　ｒｉｖｅｒ", "𝐆𝐫𝐞𝐞𝐧 𝓇𝒾𝓋ℯ𝓇",
        "gre\u00ADen\u200Briver", "\u202Agreen\u202C \u2060river", "green—river", "STORAGE TAN\u212AS",
        "ⓖ🄡🅔🅔⒩ ℝⅈⅤᵉʳ", "Ploie\u0219ti Ploies\u0326ti \u212Bngstrom river", "green\u3164river",
        "ſtorage ßtanks ΑΣΣ river", "ǅ ŉ river",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Words_of_a_vocabulary_are_the_same_without_ICU() =>
        Same(_ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName)));

    [Fact]
    public void WordPiece_tokens_are_the_same_without_ICU() => Same(_ml.Transforms.SwanCaptionEmbedding("Embedding", "Text"));

    private void Same(SwanEmbeddingEstimator estimator)
    {
        IDataView none = _ml.Data.LoadFromEnumerable(Array.Empty<TextRow>());
        string pipeline = _folder.File("captions.zip");
        using (SwanEmbeddingTransformer transformer = estimator.Fit(none)) _ml.Model.Save(transformer, none.Schema, pipeline);
        string Embedded(string invariant) => LoadOnlyProcess.Run(
            new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = invariant, ["SWAN_THREADS"] = "1" },
            pipeline, "Text", Texts)["Rows"]!.ToJsonString();
        Assert.Equal(Embedded("0"), Embedded("1"));
    }
}
