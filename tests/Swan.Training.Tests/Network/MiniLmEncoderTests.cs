using System.Text.Json;
using Swan.MLNet.Text;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

public sealed class MiniLmEncoderTests
{
    private static JsonElement[] Expected => [.. JsonDocument.Parse(File.ReadAllText(SharedFolder.Weights("minilm_l6_text.expected.json"))).RootElement.EnumerateArray()];

    [Fact]
    public void The_tokenizer_gives_the_pretrained_encoders_ids()
    {
        WordPieceCaptionTokenizer tokenizer = WordPieceCaptionTokenizer.LoadText(SharedFolder.Weights("minilm_l6_vocab.txt"));
        foreach (JsonElement text in Expected)
            Assert.Equal(text.GetProperty("ids").Longs(), tokenizer.Tokenize(text.GetProperty("text").GetString()!).Ids.Select(id => (long)id));
    }

    [Fact]
    public void Pretrained_weights_give_the_expected_sentence_vectors_also_in_one_padded_batch()
    {
        string weights = SharedFolder.Weights("minilm_l6_text.safetensors");
        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        using SwanNetwork network = SentenceEncoder(weights);
        JsonElement[] texts = Expected;
        (Tensor ids, Tensor lengths) = FormulaNetwork.Captions([.. texts.Select(t => t.GetProperty("ids").Longs())]);

        Tensor vectors = network.EncodeCaptions(ids, lengths);

        for (int i = 0; i < texts.Length; i++)
        {
            float[] first = texts[i].GetProperty("vector_first4").Floats();
            for (int d = 0; d < 4; d++) Assert.Equal(first[d], vectors[i][d].item<float>(), tolerance: 1e-5f);
            Assert.Equal(texts[i].GetProperty("cosine_to_first").GetDouble(), vectors[i].dot(vectors[0]).item<float>(), tolerance: 1e-5);
        }
    }

    // The identity instead of the map to D: then the mean over tokens is the sentence vector.
    private static SwanNetwork SentenceEncoder(string weights)
    {
        SwanNetwork network = SwanNetwork.Create(new()
        {
            Backbone = SwanBackbone.Compact, ImageSize = 64, EmbeddingSize = 384, TextTower = SwanTextTower.MiniLm, VocabularyRows = 30522,
            UseTcge = false, UseSfgs = false, UseVmsf = false,
        });
        TextWeights.Load(network, weights);
        Dictionary<string, Tensor> state = network.state_dict();
        state["text_encoder.head.weight"].copy_(eye(384));
        state["text_encoder.head.bias"].zero_();
        network.eval();
        return network;
    }
}
