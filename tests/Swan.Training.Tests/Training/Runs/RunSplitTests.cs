using System.Text.Json.Nodes;
using Swan.MLNet;
using Swan.MLNet.Datasets;

namespace Swan.Training.Tests.Training.Runs;

/// <summary>What a run without a validation set holds back.</summary>
public sealed class RunSplitTests : IDisposable
{
    private static readonly SwanTrainerOptions Options = TinyRun.Options with { Epochs = 1, ValidationShare = 0.25 };

    private readonly TemporaryFolder _folder = new();
    private readonly CaptionedImageSet _all;

    public RunSplitTests() => _all = CaptionedImageSet.Open(TinyData.Write(_folder.File("data"), train: 16, validation: 0)).Train;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tiles_of_one_picture_are_never_on_both_sides_of_a_run()
    {
        CaptionedImageSet tiles = Named(i => $"P{i / 4}_{i}.png");
        var said = new List<string?>();
        SwanRun run = Train(tiles, Options with { ValidateBy = SplitRule.Group("^(P[0-9]+)_") }, said).Run;
        CaptionedImageSet learned = RunSplit.Create(tiles, null, run.Options).Learned;
        Assert.Equal(12, learned.Images.Count);
        Assert.All(learned.Images.GroupBy(i => i.FileName.Split('_')[0]), g => Assert.Equal(4, g.Count()));
        Assert.DoesNotContain(said, m => m?.Contains("does not match", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Names_without_a_group_are_counted_and_named()
    {
        var said = new List<string?>();
        Train(Named(i => i < 13 ? $"P{i / 4}_{i}.png" : $"other{i}.png"),
            Options with { ValidateBy = SplitRule.Group("^(P[0-9]+)_") }, said);
        Assert.Contains("3 images of 16 are a group of their own, because the name does not match 'group:^(P[0-9]+)_': "
            + "other13.png, other14.png, other15.png. Tiles of one picture among them may be on both sides.", said);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A_run_of_an_earlier_version_goes_on_with_its_own_split(bool stratified)
    {
        string run = _folder.File("run"), config = Path.Combine(run, "config.json");
        SwanTrainerOptions earlier = Options with { ValidateBy = SplitRule.Parse(stratified ? "earlier_scene" : "earlier_random") };
        new SwanTrainer(earlier).TrainAsGiven(
            _all, null, _folder.File("whole"), resume: false, null, TestContext.Current.CancellationToken);
        using (var stop = new CancellationTokenSource())
        {
            new SwanTrainer(earlier).TrainAsGiven(_all, null, run, resume: false, new TinyRun.Callback(p =>
            {
                if (p.Phase == TrainingPhase.Training) stop.Cancel();
            }), stop.Token);
        }
        // As that version wrote it.
        JsonObject written = JsonNode.Parse(File.ReadAllText(config))!.AsObject();
        Assert.True(written.Remove("validateBy"));
        written["stratifiedSplit"] = stratified;
        File.WriteAllText(config, written.ToJsonString());

        SwanTrainerOptions asked = Options with { ValidateBy = stratified ? SplitRule.Scene : SplitRule.Random };
        new SwanTrainer(asked).Train(_all, null, run, resume: true, cancellationToken: TestContext.Current.CancellationToken);

        TinyRun.AssertEqual(_folder.File("whole"), run);
        Assert.Equal(SwanRun.Open(_folder.File("whole")).OpenTrainingSet(_folder.File("data")).Images.Select(i => i.FileName),
            SwanRun.Open(run).OpenTrainingSet(_folder.File("data")).Images.Select(i => i.FileName));
    }

    [Theory]
    [InlineData("earlier_scene", "scene"), InlineData("earlier_random", "random")]
    public void A_new_run_with_an_earlier_configuration_has_a_present_split(string earlier, string present)
    {
        var said = new List<string?>();
        SwanRun run = Train(_all, Options with { ValidateBy = SplitRule.Parse(earlier) }, said).Run;
        Assert.Equal(present, run.Options.ValidateBy.ToString());
        Assert.Contains(said, m => m?.Contains($"This new run splits them by '{present}'", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Another_split_is_no_way_to_go_on()
    {
        SwanTrainerOptions options = Options with { ValidateBy = SplitRule.Random };
        Train(_all, options, []);
        Assert.Throws<SwanMismatchException>(() => new SwanTrainer(options with { ValidateBy = SplitRule.Scene, Epochs = 2 })
            .Train(_all, null, _folder.File("run"), resume: true, cancellationToken: TestContext.Current.CancellationToken));
    }

    private TrainingResult Train(CaptionedImageSet set, SwanTrainerOptions options, List<string?> said) =>
        new SwanTrainer(options).Train(set, null, _folder.File("run"), progress: new TinyRun.Callback(p => said.Add(p.Message)),
            cancellationToken: TestContext.Current.CancellationToken);

    private CaptionedImageSet Named(Func<int, string> name) =>
        new([.. _all.Images.Select((image, i) => image with { FileName = name(i), Scene = null })], "tiles.jsonl");
}
