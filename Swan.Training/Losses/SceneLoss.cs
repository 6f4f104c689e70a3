using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Losses;

/// <summary>Cross-entropy of a linear classifier that tells an image's scene from its vector; images without a scene don't count.</summary>
/// <remarks>An auxiliary task: the classifier is thrown away after training.</remarks>
internal sealed class SceneLoss : nn.Module<Tensor, Tensor, Tensor>
{
    public const long NoScene = -1;
    private readonly Linear classifier;

    public SceneLoss(int width, int scenes) : base(nameof(SceneLoss))
    {
        classifier = nn.Linear(width, scenes);
        RegisterComponents();
    }

    /// <summary>Image vectors N×D, scenes N (int64, <see cref="NoScene"/> for none) → a scalar.</summary>
    public override Tensor forward(Tensor images, Tensor scenes)
    {
        Tensor known = scenes.ge(0).to(ScalarType.Float32);
        Tensor each = nn.functional.cross_entropy(classifier.call(images), scenes.clamp(min: 0), reduction: nn.Reduction.None);
        return (each * known).sum() / known.sum().clamp(min: 1);
    }
}
