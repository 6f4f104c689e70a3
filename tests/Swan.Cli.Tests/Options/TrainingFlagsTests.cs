using Swan.Cli.Options;
using Swan.MLNet;
using Swan.Training;
using Swan.Training.Network;

namespace Swan.Cli.Tests.Options;

public sealed class TrainingFlagsTests
{
    // As a plain run with text weights has chosen.
    private static readonly SwanTrainerOptions Chosen = new()
    {
        Network = new() { TextTower = SwanTextTower.MiniLm },
        Vocabulary = "vocab.txt",
        TextWeights = "minilm.safetensors",
        TextLearningRate = 6e-5,
        Precision = TrainingPrecision.Bfloat16Text,
    };

    [Fact]
    public void A_frozen_text_tower_sets_aside_what_was_chosen_for_one_that_learns()
    {
        SwanTrainerOptions options = Apply("--freeze-text");
        Assert.Equal((true, null, TrainingPrecision.Float32), (options.FreezeText, options.TextLearningRate, options.Precision));
        Assert.NotNull(new SwanTrainer(options));
        Assert.Equal(TrainingPrecision.Bfloat16, Apply("--freeze-text", "--precision", "bfloat16").Precision);
    }

    [Theory]
    [InlineData("--precision", "bfloat16_text")]
    [InlineData("--text-learning-rate", "1e-5")]
    public void A_frozen_text_tower_refuses_what_is_typed_for_one_that_learns(string flag, string value)
    {
        foreach (string[] typed in (string[][])[["--freeze-text", flag, value], [flag, value, "--freeze-text"]])
        {
            var e = Assert.Throws<SwanOptionsException>(() => new SwanTrainer(Apply(typed)));
            Assert.Contains("FreezeText is set, so TextLearningRate and Precision bfloat16_text would have no effect", e.Message,
                StringComparison.Ordinal);
        }
    }

    private static SwanTrainerOptions Apply(params string[] flags) =>
        TrainingFlags.Apply(SwanCommand.Create().Parse(["train", "--data", "data", "--out", "run", .. flags]), Chosen);
}
