using Swan.MLNet.ModelFiles;
using Swan.MLNet.Text;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Testing;

/// <summary>Small networks whose every tensor matters: random weights, and running statistics that are neither 0 nor 1.</summary>
internal static class RandomNetworks
{
    public static readonly SwanNetworkOptions Small = new()
    {
        Backbone = "efficientnet_lite0", ImageSize = 64, EmbeddingSize = 32, SalientChannels = 4, WsaHeads = 4, GaHeads = 2,
        WordDimension = 10, VocabularyRows = 40,
    };

    /// <summary>Networks that differ in what their graphs are made of, by a name.</summary>
    public static readonly IReadOnlyDictionary<string, SwanNetworkOptions> Shapes = new Dictionary<string, SwanNetworkOptions>
    {
        ["lite0"] = Small,
        ["resnet18"] = Small with { Backbone = "resnet18" },
        ["resnet50"] = Small with { Backbone = "resnet50", ImageSize = 96 },
        ["small_convnet"] = Small with { Backbone = "small_convnet" },
        ["minilm"] = Small with { TextTower = SwanTextTower.MiniLm, Residual = true },
        ["residual from 0"] = Small with { Residual = true, ResidualGate = 0 },
        ["residual without modules"] = Small with { Residual = true, UseVmsf = false, UseSfgs = false, UseTcge = false },
        ["without fusion"] = Small with { UseVmsf = false },
        ["without attention"] = Small with { UseSfgs = false, UseTcge = false },
        ["reference"] = Small with { Variant = SwanVariant.Reference },
    };

    public static SwanNetwork Create(SwanNetworkOptions options, int seed = 3)
    {
        SwanNetwork network = SwanNetwork.Create(options, seed);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable _ = no_grad();
        foreach ((string name, Tensor value) in network.state_dict())
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal)) value.copy_(rand_like(value) + 0.5);
            else if (name.EndsWith("running_mean", StringComparison.Ordinal)) value.copy_(randn_like(value) * 0.3);
            else if (name.EndsWith("_gate", StringComparison.Ordinal)) value.fill_(0.7f);
            // Scores near 0 would hide a wrong attention; gates near 0.5 a wrong gate.
            else if (name.StartsWith("tcge.ga", StringComparison.Ordinal) || name.StartsWith("sfgs.wsa", StringComparison.Ordinal))
                value.mul_(2);
        }

        return network;
    }

    /// <summary>A tokenizer of the network's own text tower, with an id for each row of its table.</summary>
    public static ICaptionTokenizer Tokenizer(SwanNetworkOptions options) => options.TextTower == SwanTextTower.Gru
        ? Tokenizer(options.VocabularyRows)
        : new WordPieceCaptionTokenizer(
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Enumerable.Range(0, options.VocabularyRows - 5).Select(Word)], 12);

    /// <summary>Ids 0 to <paramref name="ids"/> − 1.</summary>
    public static WordCaptionTokenizer Tokenizer(int ids, int maximumLength = 12) => new(
        WordVocabulary.Build([string.Join(' ', Enumerable.Range(0, ids - 2).Select(Word))], minimumCount: 1, keepStopWords: true),
        maximumLength);

    // A word that no tokenizer rule splits.
    private static string Word(int i) =>
        "w" + string.Concat(i.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(d => (char)('a' + d - '0')));
}
