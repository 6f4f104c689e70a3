using Swan.MLNet.Datasets;

namespace Swan.Training.Tests.Training.Runs;

public sealed class TrainingCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;

    public TrainingCheckpointTests() => _data = TinyData.Open(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_another_process_trains_is_left_as_it_is()
    {
        string run = _folder.File("run");
        TinyRun.TrainSteps(1, TinyRun.Options, _data, run);
        // As between two renames of the process that trains there.
        string last = Path.Combine(run, SwanRun.LastFolder), old = last + ".old";
        Directory.Move(last, old);
        using (new FileStream(Path.Combine(run, SwanRun.LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var e = Assert.ThrowsAny<IOException>(() => TinyRun.Train(TinyRun.Options, _data, run, resume: true));
            Assert.Contains("another process trains there", e.Message, StringComparison.Ordinal);
            Assert.Equal((false, true), (Directory.Exists(last), Directory.Exists(old)));
        }

        TinyRun.TrainSteps(1, TinyRun.Options, _data, run, resume: true);
        Assert.Equal((true, false), (Directory.Exists(last), Directory.Exists(old)));
    }
}
