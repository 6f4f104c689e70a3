using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Losses;

/// <summary>
/// Symmetric cross-entropy over a batch's similarities with a learned temperature (van den Oord et al. 2018; Radford et al. 2021).
/// </summary>
internal sealed class InfoNceLoss : RetrievalLoss
{
    // CLIP's limit: a scale over 100 makes training unstable.
    private const double MaxScale = 100, MinTemperature = 1 / MaxScale;

    private readonly Parameter log_scale;

    /// <summary>Makes the loss.</summary>
    /// <param name="temperature">Where the learned temperature starts; at least 0.01, below which it never falls. CLIP's is 0.07.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is below 0.01 or isn't a number.</exception>
    public InfoNceLoss(double temperature = 0.07) : base(nameof(InfoNceLoss))
    {
        if (!(temperature >= MinTemperature && double.IsFinite(temperature)))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature,
                $"The temperature must be at least {MinTemperature}.");
        }
        log_scale = nn.Parameter(tensor((float)Math.Log(1 / temperature)));
        RegisterComponents();
    }

    /// <summary>What is wrong with the options that this loss reads, or with those that only it can use.</summary>
    internal static IEnumerable<string> Faults(LossKind kind, ILossOptions options) =>
    [
        .. OptionRange.Faults(
            nameof(options.Temperature), options.Temperature, MinTemperature, 100, "InfoNCE is unstable below this range"),
        .. OptionRange.Faults(nameof(options.SoftTargets), options.SoftTargets, 0, 0.9, "the pair itself keeps the rest"),
        .. options.SoftTargets > 0 && kind != LossKind.InfoNce
            ? [$"{nameof(options.SoftTargets)} are for the loss {LossKind.InfoNce}, but Loss is {kind}."]
            : Array.Empty<string>(),
    ];

    /// <summary>The temperature that has been learned so far. Waits for the device.</summary>
    public double Temperature => 1 / Math.Min(Math.Exp(log_scale.item<float>()), MaxScale);

    /// <summary>The temperature where it is, a scalar on the device without a gradient; nothing waits for it.</summary>
    internal Tensor CurrentTemperature()
    {
        using IDisposable noGradients = no_grad();
        return log_scale.clamp(max: Math.Log(MaxScale)).neg().exp();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor similarity, Tensor? positives) => Compute(similarity, Targets(similarity, positives));

    /// <summary>The loss against given shares, such as those of <see cref="SoftTargets"/>.</summary>
    /// <param name="similarity">B×B cosines; pair i is row i (image) and column i (caption).</param>
    /// <param name="targets">B×B; row i says how the captions share image i's probability. Rows sum to 1.</param>
    /// <param name="captionTargets">B×B; row i says how the images share caption i's; null for the same.</param>
    internal Tensor Compute(Tensor similarity, Tensor targets, Tensor? captionTargets = null)
    {
        // The parameter itself is limited, as in CLIP: a clamped copy would have no gradient beyond the limit and never come back.
        using (no_grad()) log_scale.clamp_(max: Math.Log(MaxScale));
        Tensor logits = similarity * log_scale.exp();
        return (CrossEntropy(logits, targets) + CrossEntropy(logits.transpose(0, 1), captionTargets ?? targets)) / 2;
    }

    /// <summary>Several positives share the probability evenly; positives are mutual, so the shares hold for both directions.</summary>
    internal static Tensor Targets(Tensor similarity, Tensor? positives)
    {
        Tensor right = (positives ?? eye(similarity.shape[0], dtype: ScalarType.Bool, device: similarity.device)).to(similarity.dtype);
        return right / right.sum(1, keepdim: true);
    }

    private static Tensor CrossEntropy(Tensor logits, Tensor targets) => -(logits.log_softmax(1) * targets).sum(1).mean();
}
