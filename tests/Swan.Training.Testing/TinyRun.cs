using System.Text.Json.Nodes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.Training.DataLoading;
using Swan.Training.Network;

namespace Swan.Training.Testing;

/// <summary>The whole trainer on the real architecture, narrow and on the smallest backbone: an epoch takes less than a second.</summary>
internal static class TinyRun
{
    /// <summary>Three steps of four pairs an epoch.</summary>
    public static readonly SwanTrainerOptions Options = new()
    {
        Network = new()
        {
            Backbone = "small_convnet", ImageSize = 64, EmbeddingSize = 16, SalientChannels = 4, WsaHeads = 2, WordDimension = 8,
        },
        FreezeBackbone = false,
        Epochs = 3,
        BatchSize = 4,
        Pairs = PairsPerEpoch.OneCaptionPerImage,
        MinWordCount = 1,
        LearningRate = 1e-3,
        Device = SwanDevice.Cpu,
        Threads = 2,
    };

    public const int StepsPerEpoch = 3;

    /// <summary>Writes a backbone's random weights, as if they were pretrained: nothing random is frozen.</summary>
    /// <param name="path">The safetensors file; returned.</param>
    /// <param name="network">The network that has the backbone.</param>
    /// <param name="seed">Of the weights.</param>
    public static string WriteBackbone(string path, SwanNetworkOptions network, int seed = 7)
    {
        using IDisposable scope = TorchSharp.torch.NewDisposeScope();
        using SwanNetwork other = SwanNetwork.Create(network, seed);
        Weights.SafeTensors.Write(path, other.Backbone.state_dict());
        return path;
    }

    public static TrainingResult Train(
        SwanTrainerOptions options, (CaptionedImageSet Train, CaptionedImageSet Validation) data, string run, bool resume = false,
        Action<TrainingProgress>? progress = null, CancellationTokenSource? stop = null, int? stepsAReading = null,
        TimeProvider? time = null) =>
        new SwanTrainer(options) { StepsAReading = stepsAReading, Time = time ?? TimeProvider.System }.Train(
            data.Train, data.Validation, run, resume, progress is null ? null : new Callback(progress),
            stop?.Token ?? TestContext.Current.CancellationToken);

    /// <summary>Trains and stops after so many steps of this start.</summary>
    public static TrainingResult TrainSteps(
        int steps, SwanTrainerOptions options, (CaptionedImageSet Train, CaptionedImageSet Validation) data, string run,
        bool resume = false)
    {
        using var stop = new CancellationTokenSource();
        return Train(options, data, run, resume, p =>
        {
            if (p.Phase == TrainingPhase.Training && --steps == 0) stop.Cancel();
        }, stop);
    }

    /// <summary>All that a run has learned and measured must be equal bit for bit; times may differ.</summary>
    public static void AssertEqual(string expected, string actual)
    {
        Assert.Equal(Metrics(expected), Metrics(actual));
        foreach (string file in (string[])["best.safetensors", "vocabulary.json", "last/network.safetensors", "last/loss.safetensors",
            "last/optimizer.safetensors", "last/average.safetensors"])
        {
            string there = Path.Combine(expected, file), here = Path.Combine(actual, file);
            Assert.Equal(File.Exists(there), File.Exists(here));
            if (File.Exists(there))
                Assert.True(File.ReadAllBytes(there).AsSpan().SequenceEqual(File.ReadAllBytes(here)), $"{file} differs");
        }
    }

    /// <summary>The lines of metrics.jsonl without their times.</summary>
    public static string[] Metrics(string run) => [.. File.ReadAllLines(Path.Combine(run, "metrics.jsonl")).Select(line =>
    {
        JsonObject report = JsonNode.Parse(line)!.AsObject();
        Assert.True(report.Remove("seconds") && report.Remove("imagesPerSecond"));
        return report.ToJsonString();
    })];

    /// <summary>Unlike <see cref="Progress{T}"/> it calls at once.</summary>
    public sealed class Callback(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
