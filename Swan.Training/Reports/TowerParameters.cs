using Swan.MLNet.ModelFiles;
using Swan.Training.Network;
using TorchSharp.Modules;

namespace Swan.Training.Reports;

/// <summary>How many parameters each tower of a network has, and how much its modules say.</summary>
/// <param name="Image">Of the image tower, modules included.</param>
/// <param name="Text">Of the text tower, modules included.</param>
/// <param name="ImageGate">What a residual network multiplies the image modules' correction by; null for other networks.</param>
/// <param name="TextGate">The same of the text module.</param>
internal sealed record TowerParameters(long Image, long Text, double? ImageGate, double? TextGate)
{
    private static readonly string[] TextParts = ["text_encoder.", "tcge.", "text_gate"];

    /// <summary>
    /// Counts the image tower's in a run's best network; the text tower has the rest of the model's, which may have kept only some words.
    /// </summary>
    public static TowerParameters Count(SwanRun run, ModelCard card)
    {
        using SwanNetwork network = run.LoadBest();
        long image = 0;
        double? imageGate = null, textGate = null;
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            if (!TextParts.Any(p => name.StartsWith(p, StringComparison.Ordinal))) image += parameter.numel();
            if (name == "image_gate") imageGate = parameter.item<float>();
            if (name == "text_gate") textGate = parameter.item<float>();
        }

        return new(image, card.Parameters - image, imageGate, textGate);
    }
}
