using Swan.Training.Losses;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training;

/// <summary>
/// What a step minimizes: the retrieval loss and, weighted, the auxiliary ones. Holds all that learns besides the network.
/// </summary>
internal sealed class TrainingObjective : nn.Module
{
    private readonly RetrievalLoss retrieval;
    private readonly SceneLoss? scene;
    private readonly double _sceneWeight, _softTargets;

    private TrainingObjective(RetrievalLoss retrieval, SceneLoss? scene, SwanTrainerOptions options) : base(nameof(TrainingObjective))
    {
        (this.retrieval, this.scene, _sceneWeight, _softTargets) = (retrieval, scene, options.SceneWeight, options.SoftTargets);
        RegisterComponents();
    }

    /// <summary>Builds what the options ask for.</summary>
    /// <param name="options">The run's.</param>
    /// <param name="scenes">How many scenes the training images have.</param>
    public static TrainingObjective Create(SwanTrainerOptions options, int scenes) => new(
        RetrievalLoss.Create(options.Loss, options),
        options.SceneWeight > 0 && scenes > 1 ? new SceneLoss(options.Network.EmbeddingSize, scenes) : null,
        options);

    /// <summary>The temperature that InfoNCE has learned so far; null for another loss. Waits for the device.</summary>
    public double? Temperature => (retrieval as InfoNceLoss)?.Temperature;

    /// <summary>The batch's loss, a scalar.</summary>
    /// <param name="images">N×D, any norm.</param>
    /// <param name="captions">M×D, any norm; M is N or a multiple of it, and caption i is one of image i % N.</param>
    /// <param name="positives">M×M, see <see cref="RetrievalLoss.forward"/>.</param>
    /// <param name="scenes">N, int64, on the images' device.</param>
    /// <param name="teachers">M×M, the teachers' cosines, which soft targets are then made of; null without teachers.</param>
    public Tensor Compute(Tensor images, Tensor captions, Tensor? positives, Tensor scenes, Tensor? teachers = null)
    {
        // As many rows as captions. All images come equally often, so a caption's choice among them stays the same.
        Tensor paired = images.shape[0] == captions.shape[0] ? images : images.repeat(captions.shape[0] / images.shape[0], 1);
        Tensor similarity = SwanNetwork.Similarity(paired, captions);
        Tensor loss = _softTargets > 0 && retrieval is InfoNceLoss nce ? Soft(nce) : retrieval.call(similarity, positives);
        return scene is null ? loss : loss + scene.call(images, scenes) * _sceneWeight;

        Tensor Soft(InfoNceLoss nce)
        {
            Tensor labels = InfoNceLoss.Targets(similarity, positives);
            if (teachers is null)
                return nce.Compute(similarity, SoftTargets.Compute(labels, paired, captions, nce.CurrentTemperature(), _softTargets));
            (Tensor ofImages, Tensor ofCaptions) = SoftTargets.Compute(labels, teachers, nce.CurrentTemperature(), _softTargets);
            return nce.Compute(similarity, ofImages, ofCaptions);
        }
    }
}
