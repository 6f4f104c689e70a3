using Swan.Training;
using Swan.Training.DataLoading;
using Swan.Training.Network;

namespace QuickStart;

/// <summary>
/// A narrow SWAN that learns from scratch within minutes on two cores. The paper's own recipe is <c>new SwanTrainerOptions()</c>.
/// </summary>
internal static class Recipe
{
    // Less than two free cores learn in a minute: normally the epochs end before the time does, whatever the machine.
    private const double PairsPerMinute = 12_000;

    public static SwanTrainerOptions For(int captions, double minutes, int seed)
    {
        int epochs = (int)Math.Max(1, Math.Round(PairsPerMinute * minutes / captions));
        return new()
        {
            Network = new()
            {
                Backbone = "small_convnet", // without pretrained weights the large ones learn nothing in so short a time
                ImageSize = 96,
                EmbeddingSize = 128,
                SalientChannels = 16,
                WsaHeads = 4,
                WordDimension = 64,
                DropoutScale = 0.25, // few epochs: hardly anything is seen often enough to be learned by heart
            },
            FreezeBackbone = false,
            Epochs = epochs,
            Minutes = minutes,
            BatchSize = 64,
            Augmentation = AugmentationKind.Nadir,
            Loss = LossKind.InfoNce,
            Temperature = 0.04,
            RepeatedCaptionsArePositive = true,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 1e-3,
            WeightDecay = 0.01,
            GradientClip = 1,
            Schedule = ScheduleKind.Cosine,
            WarmUpEpochs = Math.Min(0.2, 640.0 / captions),
            MinWordCount = 3,
            Seed = seed,
        };
    }
}
