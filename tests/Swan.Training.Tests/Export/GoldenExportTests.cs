using System.Text.Json;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.Training.Export;
using Swan.Training.Network;

namespace Swan.Training.Tests.Export;

/// <summary>The exported reference network, in ONNX Runtime, against what the authors' implementation answers.</summary>
public sealed class GoldenExportTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private static readonly JsonElement[] Captions = [.. Golden.Forward.GetProperty("captions").EnumerateArray()];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_and_captions_alone_get_the_same_vectors()
    {
        using SwanModel model = Export(new SwanExportOptions());
        JsonElement[] images = [.. Golden.Forward.GetProperty("image_embedding_unit").EnumerateArray()];
        for (int i = 0; i < 2; i++)
        {
            var embedding = new float[model.EmbeddingSize];
            model.ImageEncoder.Encode(FormulaWeights.Image($"image{i}"), 1, embedding);
            Assert.InRange(Golden.RelativeDifference(images[i].Floats(), embedding), 0, Tolerance);
        }

        Compare(model, "text_embedding_single");
    }

    [Fact]
    public void Captions_padded_to_the_longest_of_their_batch_get_the_same_vectors()
    {
        using SwanModel model =
            Export(new SwanExportOptions { Padding = SwanPadding.Fixed, PaddedLength = Captions.Max(c => c.GetArrayLength()) });
        Compare(model, "text_embedding_padded");
    }

    private static void Compare(SwanModel model, string golden)
    {
        TokenizedCaption[] captions = [.. Captions.Select(c => new TokenizedCaption(Array.ConvertAll(c.Longs(), id => (int)id), false))];
        var embeddings = new float[captions.Length * model.EmbeddingSize];
        model.CaptionEncoder.Encode(captions, embeddings);
        JsonElement[] expected = [.. Golden.Forward.GetProperty(golden).EnumerateArray()];
        for (int i = 0; i < captions.Length; i++)
        {
            Assert.InRange(Golden.RelativeDifference(expected[i].Floats(), embeddings.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize)),
                0, Tolerance);
        }
    }

    private SwanModel Export(SwanExportOptions options)
    {
        using SwanNetwork network = FormulaNetwork.Create(FormulaNetwork.Reference);
        string path = _folder.File("model.swan");
        SwanExporter.Export(network, RandomNetworks.Tokenizer(network.Options.VocabularyRows, maximumLength: 64), path, options);
        return SwanModel.Open(path);
    }
}
