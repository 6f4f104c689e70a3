using Swan.MLNet.Datasets;

namespace Swan.Training.Tests.Training;

/// <summary>Losses that are read for several steps at once, as on a GPU: the same run.</summary>
public sealed class LateReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public LateReadingTests() => _data = TinyData.Open(_folder.File("data"));

    // Six steps an epoch.
    private static SwanTrainerOptions Options => TinyRun.Options with { Epochs = 2, BatchSize = 2 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_reads_four_losses_at_once_equals_one_that_reads_each()
    {
        string each = _folder.File("each"), late = _folder.File("late");
        List<double> expected = [], actual = [];
        TinyRun.Train(Options, _data, each, progress: p => Keep(expected, p));
        TinyRun.Train(Options, _data, late, progress: p => Keep(actual, p), stepsAReading: 4);

        TinyRun.AssertEqual(each, late);
        Assert.Equal(12, expected.Count);
        Assert.DoesNotContain(double.NaN, expected);
        // Read after steps 4 and 6 of each epoch; the report of step 6 comes before its reading.
        Assert.Equal(
        [
            double.NaN, double.NaN, double.NaN, expected[3], expected[3], expected[3],
            expected[5], expected[5], expected[5], expected[9], expected[9], expected[9],
        ], actual);

        static void Keep(List<double> losses, TrainingProgress p)
        {
            if (p.Phase == TrainingPhase.Training) losses.Add(p.Loss);
        }
    }

    [Fact]
    public void A_run_that_is_stopped_between_two_readings_and_resumed_equals_an_uninterrupted_one()
    {
        string whole = _folder.File("whole"), parts = _folder.File("parts");
        TinyRun.Train(Options, _data, whole);
        using var stop = new CancellationTokenSource();
        int steps = 5;
        TinyRun.Train(Options, _data, parts, progress: p =>
        {
            if (p.Phase == TrainingPhase.Training && --steps == 0) stop.Cancel();
        }, stop: stop, stepsAReading: 4);
        TinyRun.Train(Options, _data, parts, resume: true, stepsAReading: 4);
        TinyRun.AssertEqual(whole, parts);
    }

    [Fact]
    public void The_step_that_broke_the_run_is_named_though_others_followed_and_nothing_of_it_is_kept()
    {
        SwanTrainerOptions options = Options with { LearningRate = 1e37, WarmUpEpochs = 2 };
        string[] found =
        [
            .. new[] { 1, 4 }.Select(n => Assert.Throws<SwanTrainingException>(
                () => TinyRun.Train(options, _data, _folder.File($"run{n}"), stepsAReading: n)).Message)
        ];
        Assert.Matches(@"is (NaN|∞|-∞|Infinity|-Infinity) at step [1-3] of epoch 1", found[0]);
        Assert.Equal(found[0], found[1]);
        Assert.False(Directory.Exists(Path.Combine(_folder.File("run4"), "last")));
        Assert.False(File.Exists(Path.Combine(_folder.File("run4"), "best.safetensors")));
    }
}
