using Swan.MLNet.Models;
using Swan.Training.Export;
using Swan.Training.Network;
using TorchSharp;
using TorchSharp.Modules;

namespace Swan.Training.Cards;

/// <summary>How many parameters each tower of a network has, and how much its modules say.</summary>
/// <param name="Image">Of the image tower, modules included.</param>
/// <param name="Text">Of the text tower, modules included.</param>
/// <param name="ImageGate">What a residual network multiplies the image modules' correction by; null for other networks.</param>
/// <param name="TextGate">The same of the text module.</param>
internal sealed record TowerParameters(long Image, long Text, double? ImageGate, double? TextGate)
{
    private static readonly string[] TextParts = ["text_encoder.", "tcge.", "text_gate"];

    /// <summary>Counts them in a run's best network, of whose word table only the rows count that the model has kept.</summary>
    public static TowerParameters Of(SwanRun run, ModelCard card)
    {
        using SwanNetwork network = run.LoadBest();
        long image = 0, text = 0;
        double? imageGate = null, textGate = null;
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            if (name == MiniLmGraph.WordTable && card.TrainedVocabularySize is { } trained) text -= (trained - card.Text.VocabularySize) * parameter.shape[1];
            if (TextParts.Any(p => name.StartsWith(p, StringComparison.Ordinal))) text += parameter.numel();
            else image += parameter.numel();
            if (name == "image_gate") imageGate = parameter.item<float>();
            if (name == "text_gate") textGate = parameter.item<float>();
        }

        return new(image, text, imageGate, textGate);
    }
}
