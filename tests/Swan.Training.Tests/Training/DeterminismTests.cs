using Swan.MLNet.Datasets;
using Swan.Training.Losses;
using Swan.Training.Network;
using TorchSharp;

namespace Swan.Training.Tests.Training;

public sealed class DeterminismTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public DeterminismTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_seed_decides_the_run_whatever_else_uses_the_random_generator()
    {
        string first = _folder.File("first"), second = _folder.File("second"), other = _folder.File("other");
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 2 };
        TinyRun.Train(options, _data, first);
        TinyRun.Train(options, _data, second, progress: _ => torch.rand(3).Dispose());
        TinyRun.Train(options with { Seed = 1 }, _data, other);

        TinyRun.AssertEqual(first, second);
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(first, "last", "network.safetensors")),
            File.ReadAllBytes(Path.Combine(other, "last", "network.safetensors")));
        Assert.NotEqual(TinyRun.Metrics(first)[0], TinyRun.Metrics(other)[0]);
    }

    [Fact]
    public void The_number_of_live_tensors_does_not_grow_over_steps_and_epochs()
    {
        var counts = new List<long>();
        // Everything that makes tensors: a loss with a state, an average, clipping, positives, checkpoints within the epoch.
        SwanTrainerOptions options = TinyRun.Options with
        {
            Epochs = 4,
            Loss = LossKind.InfoNce,
            EmaDecay = 0.9,
            GradientClip = 1,
            RepeatedCaptionsArePositive = true,
            CheckpointMinutes = 1e-9,
        };
        TinyRun.Train(options, _data, _folder.File("run"), progress: p =>
        {
            if (p.Phase == TrainingPhase.Training) counts.Add(torch.Tensor.TotalCount);
        });

        // The first step makes the optimizer's state; the first epoch's end may make what later ones reuse.
        Assert.Equal(options.Epochs * TinyRun.StepsPerEpoch, counts.Count);
        Assert.True(counts.Skip(TinyRun.StepsPerEpoch).Max() <= counts[TinyRun.StepsPerEpoch],
            $"live tensors after each step: {string.Join(", ", counts)}");
    }

    [Fact]
    public void A_run_gives_all_its_tensors_back()
    {
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 1, Loss = LossKind.InfoNce, EmaDecay = 0.9 };
        TrainingResult warmUp = TinyRun.Train(options, _data, _folder.File("warm up"));
        long before = Living();
        SwanNetwork.Create(warmUp.Run.Options.Network).Dispose();
        new InfoNceLoss().Dispose();
        // TorchSharp counts a parameter twice when it is made, and once when it is disposed.
        long miscounted = Living() - before;

        before = Living();
        TinyRun.Train(options, _data, _folder.File("run"));
        TinyRun.Train(options with { Epochs = 2 }, _data, _folder.File("run"), resume: true);
        Assert.InRange(Living() - before, 0, 2 * miscounted);

        static long Living()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return torch.Tensor.TotalCount;
        }
    }
}
