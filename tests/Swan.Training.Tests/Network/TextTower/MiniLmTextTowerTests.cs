using System.Text.Json;
using Swan.MLNet.Text;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network;

public sealed class MiniLmTextTowerTests
{
    private static JsonElement[] Expected =>
        [.. JsonDocument.Parse(File.ReadAllText(SharedFolder.Weights("minilm_l6_text.expected.json"))).RootElement.EnumerateArray()];

    [Fact]
    public void The_tokenizer_gives_the_pretrained_encoders_ids()
    {
        WordPieceCaptionTokenizer tokenizer = WordPieceCaptionTokenizer.LoadText(SharedFolder.Weights("minilm_l6_vocab.txt"));
        foreach (JsonElement text in Expected)
        {
            Assert.Equal(
                text.GetProperty("ids").Longs(), tokenizer.Tokenize(text.GetProperty("text").GetString()!).Ids.Select(id => (long)id));
        }
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

    [Fact]
    public void A_batch_in_parts_gives_each_caption_what_it_gets_alone_and_the_same_gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        using SwanNetwork network = Small();
        int[] lengths = [.. Enumerable.Range(0, 75).Select(i => 1 + i * 7 % 19)];
        long[][] captions =
            [.. lengths.Select((length, i) => Enumerable.Range(0, length).Select(t => (long)((i * 31 + t * 17) % 100)).ToArray())];
        (Tensor ids, Tensor counts) = FormulaNetwork.Captions(captions);
        Tensor weights = tensor(FormulaWeights.Uniform("weights", 75 * 16)).view(75, 16);

        Tensor together = network.EncodeCaptions(ids, counts);
        (together * weights).sum().backward();
        Dictionary<string, Tensor> gradients = network.named_parameters()
            .Where(p => p.parameter.grad is not null)
            .ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        network.zero_grad();
        for (int i = 0; i < captions.Length; i++)
        {
            Tensor alone = network.EncodeCaptions(ids.narrow(0, i, 1).narrow(1, 0, lengths[i]), counts.narrow(0, i, 1));
            (alone * weights[i]).sum().backward();
            Assert.True(alone[0].allclose(together[i], atol: 1e-5), $"caption {i}");
        }

        Assert.Contains("text_encoder.layers.5.ffn.up.weight", gradients.Keys);
        foreach ((string name, Tensor gradient) in gradients)
            Assert.True(network.get_parameter(name)!.grad!.allclose(gradient, rtol: 1e-3, atol: 1e-4), name);
    }

    [Fact]
    public void In_bfloat16_a_training_step_is_close_to_float32_and_serving_is_untouched()
    {
        using DisposeScope scope = NewDisposeScope();
        using SwanNetwork network = Small();
        (Tensor ids, Tensor lengths) = FormulaNetwork.Captions([[5, 9, 70, 3], [8, 2]]);
        network.train();
        Tensor exact = network.EncodeCaptions(ids, lengths);
        network.TextInBfloat16();
        Tensor rounded = network.EncodeCaptions(ids, lengths);
        rounded.sum().backward();
        float difference = (rounded - exact).abs().max().item<float>();
        Assert.InRange(difference, 1e-6f, 2e-2f);
        Assert.Equal(ScalarType.Float32, network.get_parameter("text_encoder.layers.0.attention.query.weight")!.grad!.dtype);
        network.eval();
        Assert.True(network.EncodeCaptions(ids, lengths).allclose(exact, atol: 1e-6));
    }

    [Fact]
    public void A_frozen_tower_says_the_same_in_training_as_in_serving_and_only_its_map_learns()
    {
        using DisposeScope scope = NewDisposeScope();
        using SwanNetwork network = Small(dropout: 1);
        (Tensor ids, Tensor lengths) = FormulaNetwork.Captions([[5, 9, 70, 3], [8, 2]]);
        network.eval();
        Tensor served = network.EncodeCaptions(ids, lengths);

        network.FreezeText();
        network.train();
        Tensor learned = network.EncodeCaptions(ids, lengths);
        (learned * tensor(FormulaWeights.Uniform("weights", 32)).view(2, 16)).sum().backward();

        Assert.True(learned.allclose(served, atol: 1e-6));
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters()
            .Where(p => p.name.StartsWith("text_encoder.", StringComparison.Ordinal)))
        {
            bool learns = name.StartsWith("text_encoder.head.", StringComparison.Ordinal);
            Assert.True(learns == (parameter.grad is not null), $"{name} has {(learns ? "no" : "a")} gradient");
            Assert.Equal(learns, network.LearningParameters().Any(p => p.Name == name));
        }
    }

    // Random weights; without dropout unless asked for, so that training mode can be compared.
    private static SwanNetwork Small(double dropout = 0) => SwanNetwork.Create(new()
    {
        Backbone = "small_convnet", ImageSize = 64, EmbeddingSize = 16, TextTower = SwanTextTower.MiniLm, VocabularyRows = 100,
        DropoutScale = dropout, UseTcge = false, UseSfgs = false, UseVmsf = false,
    });

    // The identity instead of the map to D: then the mean over tokens is the sentence vector.
    private static SwanNetwork SentenceEncoder(string weights)
    {
        SwanNetwork network = SwanNetwork.Create(new()
        {
            Backbone = "small_convnet", ImageSize = 64, EmbeddingSize = 384, TextTower = SwanTextTower.MiniLm, VocabularyRows = 30522,
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
