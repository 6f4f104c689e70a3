using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Losses;

/// <summary>Symmetric cross-entropy over a batch's similarities with a learned temperature (van den Oord et al. 2018; Radford et al. 2021).</summary>
public sealed class InfoNceLoss : RetrievalLoss
{
    // CLIP's limit: a scale over 100 makes training unstable.
    private const double LargestScale = 100, SmallestTemperature = 1 / LargestScale;

    private readonly Parameter log_scale;

    /// <summary>Makes the loss.</summary>
    /// <param name="temperature">Where the learned temperature starts; at least 0.01, below which it never falls. CLIP's is 0.07.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is below 0.01 or isn't a number.</exception>
    public InfoNceLoss(double temperature = 0.07) : base(nameof(InfoNceLoss))
    {
        if (!(temperature >= SmallestTemperature && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, $"The temperature must be a number from {SmallestTemperature}.");
        log_scale = nn.Parameter(tensor((float)Math.Log(1 / temperature)));
        RegisterComponents();
    }

    /// <summary>The temperature that has been learned so far.</summary>
    public double Temperature => 1 / Math.Min(Math.Exp(log_scale.item<float>()), LargestScale);

    /// <inheritdoc/>
    public override Tensor forward(Tensor similarity, Tensor? positives)
    {
        // The parameter itself is limited, as in CLIP: a clamped copy would have no gradient beyond the limit and never come back.
        using (no_grad()) log_scale.clamp_(max: Math.Log(LargestScale));
        Tensor logits = similarity * log_scale.exp();
        Tensor target = (positives ?? eye(similarity.shape[0], dtype: ScalarType.Bool, device: similarity.device)).to(logits.dtype);
        return (CrossEntropy(logits, target) + CrossEntropy(logits.transpose(0, 1), target.transpose(0, 1))) / 2;
    }

    // Several positives share the probability evenly.
    private static Tensor CrossEntropy(Tensor logits, Tensor target) =>
        -(logits.log_softmax(1) * target / target.sum(1, keepdim: true)).sum(1).mean();
}
