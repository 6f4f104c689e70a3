using System.Runtime.InteropServices;
using Swan.MLNet;
using Swan.MLNet.Text;
using Swan.Training.Native;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>Makes the network of a run, with the weights that a new one starts from.</summary>
/// <param name="run">The run.</param>
/// <param name="initial">The model that it starts from; null where none is named.</param>
/// <param name="say">Told where weights come from.</param>
internal sealed class StartingNetwork(SwanRun run, InitialModel? initial, Action<string> say)
{
    private readonly SwanTrainerOptions _options = run.Options;

    /// <summary>The network on a device, frozen where it is not to learn. The caller disposes it.</summary>
    /// <param name="device">Where it learns.</param>
    /// <param name="pretrained">Whether it gets the weights that a new run starts from; a checkpoint replaces them.</param>
    public SwanNetwork Create(Device device, bool pretrained)
    {
        SwanNetwork network = Make();
        try
        {
            if (pretrained && initial is not null)
            {
                initial.Load(network);
                say($"The network starts from {initial.Name}.");
            }
            else if (pretrained) LoadPretrained(network);
            TrainingStep.Prepare(network, _options, device);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private SwanNetwork Make()
    {
        try
        {
            return SwanNetwork.Create(_options.Network, _options.Seed);
        }
        catch (ExternalException e)
        {
            throw TorchFault.Of(e, "to make the network that the options describe. It said",
                $"The network's size is set by {SwanTrainerOptionsJson.NameOf(nameof(_options.Network))}: imageSize, embeddingSize, "
                + "wordDimension, vocabularyRows and the backbone.");
        }
    }

    private void LoadPretrained(SwanNetwork network)
    {
        if (_options.BackboneWeights is { } weights) BackboneWeights.Load(network, weights);
        say(_options.BackboneWeights is { } file
            ? $"The backbone {_options.Network.Backbone} starts from '{file}'."
            : !network.Backbone.CanBePretrained
            ? $"The backbone {_options.Network.Backbone} starts at random, as designed."
            : $"The backbone {_options.Network.Backbone} starts at random: no --backbone-weights were given. "
                + "Pretrained weights give better results, most with few images.");

        if (_options.Network.TextTower == SwanTextTower.MiniLm)
        {
            if (_options.TextWeights is { } pretrained) TextWeights.Load(network, pretrained);
            say(_options.TextWeights is { } text
                ? $"The text tower MiniLm starts from '{text}'."
                : "The text tower MiniLm starts at random: no --text-weights were given. It is meant to be pretrained.");
        }

        if (_options.WordVectors is not { } vectors) return;
        WordVectorReport report = WordVectors.Load(network, ((WordCaptionTokenizer)run.Tokenizer).Vocabulary, vectors);
        say($"{report.Found} of {report.Words} words start from '{vectors}'"
            + $"{(report.FoundInAnotherForm > 0 ? $" ({report.FoundInAnotherForm} of them without - . ' or up to /)" : "")}; "
            + (report.Missing.Count == 0
                ? "none is missing."
                : $"missing: {string.Join(", ", report.Missing.Take(10))}{(report.Missing.Count > 10 ? ", …" : "")}."));
    }
}
