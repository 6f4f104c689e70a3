using System.Text.Json.Nodes;
using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.ModelFiles;
using Swan.Training.Network;

namespace Swan.Training.Tests.Training.Runs;

/// <summary>What goes wrong around a run costs no epoch, no file of the user's, and is said.</summary>
public sealed class RunFaultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;
    private readonly string _run;

    public RunFaultsTests() => (_data, _run) = (TinyData.Open(_folder.File("data")), _folder.File("run"));

    private static SwanTrainerOptions OneEpoch => TinyRun.Options with { Epochs = 1 };

    private static SwanNetworkOptions Wide =>
        OneEpoch.Network with { Variant = SwanVariant.Reference, VocabularyRows = 10_000_000, WordDimension = 4096 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curves_that_can_not_be_drawn_cost_no_epoch()
    {
        Directory.CreateDirectory(Path.Combine(_run, "curves.png"));
        var said = new List<string?>();
        TrainingResult result = TinyRun.Train(OneEpoch, _data, _run, progress: p => said.Add(p.Message));
        Assert.Equal(StopReason.MaxEpochs, result.End);
        Assert.True(File.Exists(Path.Combine(_run, "last", "position.json")));
        Assert.Contains(said, m => m?.Contains("curves.png' can't be drawn", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Unfinished_files_of_others_are_left_alone()
    {
        Directory.CreateDirectory(_run);
        string notes = Path.Combine(_run, ".notes.tmp"), ours = Path.Combine(_run, ".metrics.jsonl.0f.tmp");
        File.WriteAllText(notes, "mine");
        File.WriteAllText(ours, "half a");
        TinyRun.Train(OneEpoch, _data, _run);
        Assert.Equal("mine", File.ReadAllText(notes));
        Assert.False(File.Exists(ours));
    }

    [Fact]
    public void A_lock_that_can_not_be_made_is_not_another_process()
    {
        // A folder in its place stands for a disk that is full or read-only: root may write anywhere.
        Directory.CreateDirectory(Path.Combine(_run, "run.lock"));
        var e = Assert.Throws<IOException>(() => TinyRun.Train(OneEpoch, _data, _run));
        Assert.Contains($"'{_run}' is not writable", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("position.json", "null")]
    [InlineData("position.json", "{\"Epoch\": -1}")]
    [InlineData("position.json", "{")]
    [InlineData("optimizer.safetensors", "")]
    [InlineData("optimizer.safetensors", "not one")]
    [InlineData("optimizer.bin", "")]
    [InlineData("optimizer.bin", "not one")]
    [InlineData("network.safetensors", "not one")]
    [InlineData("loss.safetensors", null)]
    public void A_damaged_file_of_the_checkpoint_is_named(string file, string? content)
    {
        TinyRun.TrainSteps(1, OneEpoch, _data, _run);
        string path = Path.Combine(_run, "last", file);
        if (content is null) File.Delete(path);
        else File.WriteAllText(path, content);
        var e = Assert.Throws<SwanFormatException>(() => TinyRun.Train(OneEpoch, _data, _run, resume: true));
        Assert.Contains($"'{path}'", e.Message, StringComparison.Ordinal);
        Assert.Contains("begin a new run in another folder", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_length_is_refused_where_the_rates_depend_on_it()
    {
        SwanTrainerOptions cosine = TinyRun.Options with { Schedule = ScheduleKind.Cosine };
        TinyRun.TrainSteps(1, cosine, _data, _run);
        var e = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(cosine with { Epochs = 5 }, _data, _run, resume: true));
        Assert.Contains("epochs was 3, and is now 5", e.Message, StringComparison.Ordinal);
        Assert.Contains("rates of a cosine", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, SwanRun.Open(_run).Options.Epochs);
    }

    [Fact]
    public void Fewer_epochs_than_are_learned_are_refused()
    {
        SwanTrainerOptions two = TinyRun.Options with { Epochs = 2 };
        TinyRun.Train(two, _data, _run);
        var e = Assert.Throws<SwanMismatchException>(() => TinyRun.Train(OneEpoch, _data, _run, resume: true));
        Assert.Contains("has completed 2 epochs, more than the 1 requested", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, SwanRun.Open(_run).Options.Epochs);
    }

    [Fact]
    public void Another_libtorch_is_said_when_a_run_goes_on()
    {
        TinyRun.TrainSteps(1, OneEpoch, _data, _run);
        string file = Path.Combine(_run, "versions.json");
        JsonArray versions = JsonNode.Parse(File.ReadAllText(file))!.AsArray();
        string now = (string)versions[0]!["libtorch"]!;
        versions[0]!["libtorch"] = "1.2.3";
        File.WriteAllText(file, versions.ToJsonString());
        var said = new List<string?>();
        TinyRun.Train(OneEpoch, _data, _run, resume: true, p => said.Add(p.Message));
        Assert.Contains(said, m => m?.Contains($"libtorch was 1.2.3, and is now {now}", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Another_number_of_threads_is_said_when_a_run_goes_on()
    {
        TinyRun.TrainSteps(1, OneEpoch, _data, _run);
        var said = new List<string?>();
        TinyRun.Train(OneEpoch with { Threads = 1 }, _data, _run, resume: true, p => said.Add(p.Message));
        Assert.Contains(said, m => m?.Contains("threads was 2, and is now 1", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Another_place_of_augmentation_is_said_when_a_run_goes_on()
    {
        TinyRun.TrainSteps(1, OneEpoch, _data, _run);
        string versions = Path.Combine(_run, "versions.json"), text = File.ReadAllText(versions);
        Assert.Contains("the loader", text, StringComparison.Ordinal);
        File.WriteAllText(versions, text.Replace("the loader", "the GPU", StringComparison.Ordinal));
        var said = new List<string?>();
        TinyRun.Train(OneEpoch, _data, _run, resume: true, p => said.Add(p.Message));
        Assert.Contains(said, m => m?.Contains("augmentedBy was the GPU, and is now the loader", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_scene_weight_without_scenes_is_refused()
    {
        CaptionedImage[] images = [.. _data.Train.Images.Select(i => i with { Scene = null })];
        var e = Assert.Throws<SwanDataException>(() => TinyRun.Train(
            OneEpoch with { SceneWeight = 0.2 }, (new CaptionedImageSet(images, "bare.jsonl"), _data.Validation), _run));
        Assert.Contains("the scene weight is 0.2, but the training images have no scenes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_memory_does_not_hold_is_one_message()
    {
        SwanTrainerOptions huge = OneEpoch with { Network = Wide };
        var e = Assert.Throws<SwanTrainingException>(() => TinyRun.Train(huge, _data, _run));
        Assert.Contains("libtorch failed to make the network", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.False(File.Exists(Path.Combine(_run, "config.json")));
    }
}
