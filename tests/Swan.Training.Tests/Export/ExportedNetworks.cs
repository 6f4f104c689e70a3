using Swan.MLNet.Models;
using Swan.MLNet.Text;
using Swan.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Export;

/// <summary>Small networks whose every tensor matters: random weights, and running statistics that are neither 0 nor 1.</summary>
internal static class ExportedNetworks
{
    public static readonly SwanNetworkOptions Small = new()
    {
        Backbone = "efficientnet_lite0", ImageSize = 64, EmbeddingSize = 32, SalientChannels = 4, WsaHeads = 4, GaHeads = 2,
        WordDimension = 10, VocabularyRows = 40,
    };

    /// <summary>Ids 0 to <paramref name="ids"/> − 1.</summary>
    public static WordCaptionTokenizer Tokenizer(int ids, int maximumLength = 12) => new(
        WordVocabulary.Build([string.Join(' ', Enumerable.Range(0, ids - 2).Select(Word))], minimumCount: 1, keepStopWords: true),
        maximumLength);

    /// <summary>Embeds a caption as metrics do, also one without a known word.</summary>
    public static float[] Embed(SwanModel model, string caption) =>
        model.EmbedCaptions([model.Tokenizer.Tokenize(caption)], batchSize: 1, progress: null, TestContext.Current.CancellationToken);

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

    // A word that no tokenizer rule splits.
    private static string Word(int i) =>
        "w" + string.Concat(i.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(d => (char)('a' + d - '0')));
}
