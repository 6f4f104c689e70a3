using Swan.Training;
using Swan.Training.Data;
using Swan.Training.Network;

namespace QuickStart;

/// <summary>A SWAN that learns from scratch within minutes on two cores. The paper's own recipe is <c>new SwanTrainerOptions()</c>.</summary>
internal static class Recipe
{
    // A little less than two cores learn, so that normally the epochs end first: then the seed alone decides the result.
    private const int PairsPerMinute = 12_000;

    public static SwanTrainerOptions For(int images, double minutes, int seed)
    {
        int epochs = (int)Math.Max(1, PairsPerMinute * minutes / images);
        return new()
        {
            Network = new() { Backbone = SwanBackbone.Compact, ImageSize = 96, EmbeddingSize = 128, SalientChannels = 16, WsaHeads = 4, WordDimension = 64 },
            FreezeBackbone = false,
            Epochs = epochs,
            Minutes = minutes,
            ValidateEvery = Math.Max(1, epochs / 8),
            BatchSize = 64,
            Pairs = PairsPerEpoch.OneCaptionPerImage,
            Augmentation = AugmentationKind.Nadir,
            Loss = LossKind.InfoNce,
            RepeatedCaptionsArePositive = true,
            Optimizer = OptimizerKind.AdamW,
            LearningRate = 1e-3,
            WeightDecay = 0.01,
            GradientClip = 1,
            Schedule = ScheduleKind.Cosine,
            WarmUpEpochs = Math.Min(1, epochs / 2.0),
            MinimumWordCount = 3,
            Seed = seed,
        };
    }
}
