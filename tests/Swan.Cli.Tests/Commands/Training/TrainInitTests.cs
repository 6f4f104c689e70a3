using Swan.Testing;
using Swan.Training;

namespace Swan.Cli.Tests.Commands;

/// <summary><c>swan train --init</c> in a process of its own.</summary>
public sealed class TrainInitTests(ExportedRun first) : IClassFixture<ExportedRun>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(first.Folder, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Alone_it_says_what_it_chose_and_takes_the_models_shape()
    {
        string run = _folder.File("run");
        (int code, string output, string errors) = await SwanProcess.Run(
            "train", "--data", Data, "--out", run, "--init", first.Model, "--epochs", "2", "--device", "cpu");

        Assert.True(code == 0, errors);
        Assert.Contains("  start: the finished model 'tiny.swan'; learning rate ", output, StringComparison.Ordinal);
        Assert.Contains("  image tower: small_convnet at 64 pixels, the model's, all but its stem learns", output,
            StringComparison.Ordinal);
        Assert.Contains($"The network starts from the model '{first.Model}'.", output, StringComparison.Ordinal);
        SwanTrainerOptions used = SwanRun.Open(run).Options;
        Assert.Equal((SwanRun.Open(first.Run).Options.Network, first.Model, 2), (used.Network, used.Init, used.Epochs));
        Assert.InRange(used.LearningRate, 1e-6, 3e-4);
    }

    [Theory]
    [InlineData("--backbone", "resnet50", "network.backbone is resnet50, but the model's is small_convnet")]
    [InlineData("--image-size", "256", "network.imageSize is 256, but the model's is 64")]
    [InlineData("--embedding-size", "512", "network.embeddingSize is 512, but the model's is 16")]
    public async Task A_flag_of_another_shape_is_refused_also_with_a_configuration(string flag, string value, string message)
    {
        string config = _folder.File("config.json");
        File.WriteAllText(config, """{ "epochs": 1, "freezeBackbone": false, "batchNormMode": "eval" }""");
        foreach (string[] configured in (string[][])[[], ["--config", config]])
        {
            (int code, _, string errors) = await SwanProcess.Run(
                ["train", "--data", Data, "--out", _folder.File("run"), "--init", first.Run, flag, value, .. configured]);
            Assert.Equal(1, code);
            Assert.Contains(message, errors, StringComparison.Ordinal);
            Assert.False(Path.Exists(_folder.File("run")));
        }
    }

    [Fact]
    public async Task Pretrained_weights_beside_it_are_refused()
    {
        (int code, _, string errors) = await SwanProcess.Run(
            "train", "--data", Data, "--out", _folder.File("run"), "--init", first.Model, "--backbone-weights", "b.safetensors");

        Assert.NotEqual(0, code);
        Assert.Contains("but BackboneWeights is also given", errors, StringComparison.Ordinal);
    }
}
