using Swan.MLNet.Datasets;
using Swan.Training.Network;
using Swan.Training.Weights;
using TorchSharp;

namespace Swan.Training.Tests.Training;

public sealed class NotANumberTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public NotANumberTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_and_names_step_and_batch()
    {
        string weights = WriteBackbone(float.NaN);
        var e = Assert.Throws<SwanTrainingException>(
            () => TinyRun.Train(TinyRun.Options with { BackboneWeights = weights }, _data, _folder.File("run")));
        Assert.Matches(@"^The loss is NaN at step 1 of epoch 1 \(step 1 of the run\), so training stopped\. "
            + @"The batch: (\w+_\d+\.png(, )?){4}\. No epoch was validated before", e.Message);
        Assert.Contains("lower learning rate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_breaks_later_keeps_its_best_network_and_its_last_checkpoint_free_of_what_broke_it()
    {
        string run = _folder.File("run");
        // Steps this large make the weights overflow within a few steps.
        SwanTrainerOptions options = TinyRun.Options with
        {
            Epochs = 60,
            LearningRate = 1e37,
            WarmUpEpochs = 60,
            CheckpointMinutes = 1e-9,
            FreezeBackbone = false,
        };
        var e = Assert.Throws<SwanTrainingException>(() => TinyRun.Train(options, _data, run));
        Assert.Matches(@"is (NaN|∞|Infinity|-∞)", e.Message);
        using var scope = torch.NewDisposeScope();
        foreach (torch.Tensor tensor in SafeTensors.Read(Path.Combine(run, "last", "network.safetensors")).Values)
            Assert.True(tensor.dtype == torch.ScalarType.Int64 || tensor.isfinite().all().item<bool>());
    }

    [Fact]
    public void Embeddings_that_are_no_numbers_are_found_by_validation_before_they_could_look_best()
    {
        // A negative variance has no square root, but only evaluation uses it: while training, batch norm divides by what it sees.
        string weights = WriteBackbone(null, variance: -1);
        SwanTrainerOptions options = TinyRun.Options with { BackboneWeights = weights, BatchNormMode = BatchNormMode.Train };
        var e = Assert.Throws<SwanTrainingException>(() => TinyRun.Train(options, _data, _folder.File("run")));
        Assert.Contains(
            "The embedding of the image 'forest_12.png' is not a number after step 3 (epoch 1)", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.File("run"), "best.safetensors")));
    }

    [Fact]
    public void Statistics_that_are_no_numbers_are_kept_nowhere_though_the_loss_is_one()
    {
        string weights = WriteBackbone(null, variance: float.NaN), run = _folder.File("run");
        SwanTrainerOptions options = TinyRun.Options with
        {
            BackboneWeights = weights,
            BatchNormMode = BatchNormMode.Train, // computes with the batch's own
            CheckpointMinutes = 1e-9,
        };
        var e = Assert.Throws<SwanTrainingException>(() => TinyRun.Train(options, _data, run));
        Assert.StartsWith("After step 1 (epoch 1), the weights are no longer numbers.", e.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(run, "last")));
        Assert.False(File.Exists(Path.Combine(run, "best.safetensors")));
    }

    /// <summary>A backbone file with one poisoned weight, or with running variances that make no standard deviation.</summary>
    private string WriteBackbone(float? weight, float? variance = null)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network);
        string path = _folder.File("backbone.safetensors");
        Dictionary<string, torch.Tensor> state = network.Backbone.state_dict();
        if (weight is { } w) state.First(t => t.Value.dim() == 4).Value[0].fill_(w);
        if (variance is { } v)
        {
            foreach ((string name, torch.Tensor value) in state)
            {
                if (name.EndsWith("running_var", StringComparison.Ordinal)) value.fill_(v);
            }
        }

        SafeTensors.Write(path, state);
        return path;
    }
}
