using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.Export;

namespace Swan.Training.Tests.Training.LearnedImages;

public sealed class LearnedImageChecksTests : IDisposable
{
    private static readonly SwanTrainerOptions Options = TinyRun.Options with
    {
        Epochs = 1, Network = TinyRun.Options.Network with { Backbone = "small_convnet" },
    };
    private static readonly SwanTrainerOptions Taught = Options with { Loss = LossKind.InfoNce, SoftTargets = 0.6 };

    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;
    private readonly List<string> _said = [];

    public LearnedImageChecksTests()
    {
        _data = TinyData.Open(_folder.File("data"));
        foreach ((int seed, CaptionedImage image) in _data.Train.Images.Concat(_data.Validation.Images).Index())
            Sketches.Write(image.ImagePath, seed);
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Copies => ["same", "renamed", "jpeg 40", "half size"];

    [Fact]
    public void A_run_keeps_its_images_and_says_once_that_none_is_shared()
    {
        SwanRun run = Train(Options, _data.Train, _data.Validation, "run");

        RunImages images = RunImages.Read(run.Folder)!;
        Assert.Equal(new ImageOverlap(12, 0), images.Learned.IntersectWith(Identities(_data.Train)));
        Assert.Equal(default, images.Learned.IntersectWith(Identities(_data.Validation)));
        Assert.Equal(new ImageOverlap(6, 0), images.Validation!.IntersectWith(Identities(_data.Validation)));
        Assert.Null(images.Taught);
        Assert.Single(_said, "0 of the 6 validation images are also training images (0 byte for byte, 0 look the same).");
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void Validating_on_the_training_images_is_refused_and_leaves_no_folder(string kind)
    {
        CaptionedImageSet validation = Copied(_data.Train, kind);

        string message = Assert.Throws<SwanTrainingException>(() => Train(Options, _data.Train, validation, "run")).Message;

        string counts = kind is "same" or "renamed" ? "12 byte for byte, 0 look the same" : "0 byte for byte, 12 look the same";
        Assert.StartsWith($"12 of the 12 validation images are also training images ({counts}); ", message, StringComparison.Ordinal);
        Assert.Contains("--train-on-validation", message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("run")));
    }

    [Fact]
    public void More_than_half_is_refused_and_half_is_said()
    {
        CaptionedImage[] half = [.. _data.Validation.Images.Take(3), .. _data.Train.Images.Take(3)];
        Train(Options, _data.Train, new([.. half], "half"), "half");
        Assert.Single(_said, m => m.StartsWith("3 of the 6 validation images are also training images (3 byte", StringComparison.Ordinal)
            && m.Contains("mR will be too high", StringComparison.Ordinal));

        Assert.Throws<SwanTrainingException>(
            () => Train(Options, _data.Train, new([.. half[1..], _data.Train.Images[5]], "more"), "more"));
    }

    [Fact]
    public void Training_on_validation_images_that_are_training_images_stays_allowed()
    {
        SwanRun run = Train(Options with { TrainOnValidation = true }, _data.Train, _data.Validation, "run");

        RunImages images = RunImages.Read(run.Folder)!;
        Assert.Equal(18, images.Learned.Count);
        Assert.Equal(new ImageOverlap(6, 0), images.Validation!.IntersectWith(Identities(_data.Validation)));
        Train(Options with { TrainOnValidation = true }, _data.Train, _data.Train, "same");
        Assert.Contains("12 of the 24 training images are copies of others (12 byte for byte, 0 look the same).", _said);
    }

    [Fact]
    public void A_validation_split_by_seed_meets_copies_within_the_training_images()
    {
        CaptionedImageSet twice = new([.. _data.Train.Images, .. Copied(_data.Train, "jpeg 40").Images], "twice");

        string message = Assert.Throws<SwanTrainingException>(() => Train(
            Options with { ValidationShare = 0.2, ValidateBy = SplitRule.Random }, twice, null, "run")).Message;

        Assert.Contains("look the same)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_run_refuses_other_bytes_under_the_same_names()
    {
        TinyRun.TrainSteps(1, Options, _data, _folder.File("run"));
        string changed = _data.Train.Images[4].ImagePath;
        Sketches.Write(changed, seed: 99);

        string message = Assert.Throws<SwanMismatchException>(
            () => TinyRun.Train(Options, _data, _folder.File("run"), resume: true)).Message;

        Assert.Contains("was begun with other training images", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void A_teacher_that_has_learned_the_validation_images_is_refused(string kind)
    {
        string teacher = Exported(Train(Options, Copied(_data.Validation, kind), _data.Train, "teacher"));
        SwanTrainerOptions options = Taught with { Teachers = [teacher] };

        string message = Assert.Throws<SwanMismatchException>(() => Train(options, _data.Train, _data.Validation, "run")).Message;

        string counts = kind is "same" or "renamed" ? "6 byte for byte, 0 look the same" : "0 byte for byte, 6 look the same";
        Assert.Contains(
            $"the teacher '{teacher}' has learned from 6 of the 6 validation images ({counts})", message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.File("run")));
    }

    [Theory]
    [InlineData(0, 1, 6, 10, false)] // one look-alike can be chance, however few images there are
    [InlineData(0, 2, 6, 10, true)]
    [InlineData(1, 0, 60, 10, true)] // an identical file can't
    [InlineData(1, 0, 100, 10, false)]
    [InlineData(2, 0, 100, 10, true)]
    [InlineData(2, 0, 100, 16_777_216, true)] // whatever the list's length
    [InlineData(0, 11, 1000, 10, true)]
    [InlineData(0, 16, 1000, 100_000, false)] // 10 are 1 %, and chance makes 6.4 of a million pairs
    [InlineData(0, 17, 1000, 100_000, true)]
    [InlineData(0, 74, 1000, 1_000_000, false)]
    [InlineData(0, 75, 1000, 1_000_000, true)]
    public void Too_many_are_known_beyond_one_percent_and_chance(int identical, int lookAlike, int images, int listed, bool tooMany) =>
        Assert.Equal(tooMany, LearnedImageChecks.AreTooMany(new(identical, lookAlike), images, listed));

    [Fact]
    public void A_teacher_with_one_look_alike_of_few_validation_images_may_teach()
    {
        CaptionedImageSet copies = Copied(_data.Validation, "jpeg 40");
        string one = Exported(Train(
            Options, new([.. _data.Train.Images, copies.Images[0]], "one"), _data.Validation.Select([1, 2, 3], "rest"), "teacher"));
        Train(Taught with { Teachers = [one] }, _data.Train, _data.Validation, "run");

        Assert.Single(_said, $"The teacher '{one}' has learned from 1 of the 6 validation images (0 byte for byte, 1 look the same), "
            + "so mR may be slightly too high.");
    }

    [Fact]
    public void A_teacher_of_other_training_images_passes_them_on_to_the_exported_model()
    {
        CaptionedImageSet others = TinyData.Open(_folder.File("others"), train: 24).Train.Select(Enumerable.Range(18, 6), "others");
        string teacher = Exported(Train(Options, others, _data.Validation, "teacher"));

        SwanModelFile model = SwanModelFile.Read(
            Exported(Train(Taught with { Teachers = [teacher] }, _data.Train, _data.Validation, "run")));

        Assert.Equal((18, true), (model.LearnedImages!.Count, model.LearnedImages.IsComplete));
        Assert.Equal(new ImageOverlap(6, 0), model.LearnedImages.IntersectWith(Identities(others)));
        Assert.Equal(default, model.LearnedImages.IntersectWith(Identities(_data.Validation)));
    }

    [Fact]
    public void What_a_teacher_learned_from_its_own_teacher_is_refused_too()
    {
        CaptionedImageSet others = TinyData.Open(_folder.File("others"), train: 24).Train.Select(Enumerable.Range(18, 6), "others");
        string first = Exported(Train(Options, _data.Validation, others, "first"));
        string second = Exported(Train(Taught with { Teachers = [first] }, _data.Train, others, "second"));

        string message = Assert.Throws<SwanMismatchException>(
            () => Train(Taught with { Teachers = [second] }, _data.Train, _data.Validation, "run")).Message;

        Assert.Contains($"the teacher '{second}' has learned from 6 of the 6 validation images", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_that_says_nothing_makes_the_list_incomplete()
    {
        string teacher = Exported(Train(Options, _data.Train, _data.Validation, "teacher"));
        SwanModelFile.Read(teacher).WithLearnedImages(null).Save(teacher);

        SwanModelFile model = SwanModelFile.Read(
            Exported(Train(Taught with { Teachers = [teacher] }, _data.Train, _data.Validation, "run")));

        Assert.Single(_said, m => m.StartsWith($"It is unknown which images the teacher '{teacher}' has", StringComparison.Ordinal));
        Assert.Equal((12, false), (model.LearnedImages!.Count, model.LearnedImages.IsComplete));
    }

    [Fact]
    public void A_backbone_of_a_run_brings_along_what_that_run_has_learned()
    {
        SwanRun leaking = Train(Options, _data.Validation, _data.Train, "leaking"),
            clean = Train(Options, _data.Train, _data.Validation, "clean");
        File.Delete(Path.Combine(clean.Folder, "learned.bin"));

        string message = Assert.Throws<SwanMismatchException>(() => Train(
            Options with { BackboneWeights = leaking.BestWeights }, _data.Train, _data.Validation, "run")).Message;
        Assert.Contains("has learned from 6 of the 6 validation images", message, StringComparison.Ordinal);

        RunImages images = RunImages.Read(Train(
            Options with { BackboneWeights = clean.BestWeights }, _data.Train, _data.Validation, "run").Folder)!;
        Assert.False(images.All.IsComplete);
    }

    [Fact]
    public void A_run_of_an_earlier_version_exports_a_model_that_says_nothing()
    {
        SwanRun run = Train(Options, _data.Train, _data.Validation, "run");
        foreach (string file in Directory.EnumerateFiles(run.Folder, "*.bin")) File.Delete(file);

        Assert.Null(SwanModelFile.Read(Exported(run)).LearnedImages);
    }

    [Fact]
    public void Compact_weights_and_normalization_keep_what_was_learned_and_add_the_bank()
    {
        SwanRun run = Train(Options, _data.Train, _data.Validation, "run");
        string path = _folder.File("compact.swan");
        SwanExporter.Export(run, path, new() { WeightPrecision = SwanWeightPrecision.Float16 });
        SwanModelFile compact = SwanModelFile.Read(path);
        Assert.Equal(12, compact.LearnedImages!.Count);

        SwanModelFile normalized = QuerybankNormalization.Apply(
            compact, _data.Validation, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(new ImageOverlap(6, 0), normalized.LearnedImages!.IntersectWith(Identities(_data.Validation)));
        Assert.Equal((18, true), (normalized.LearnedImages.Count, normalized.LearnedImages.IsComplete));

        SwanModelFile unknown = QuerybankNormalization.Apply(
            compact.WithLearnedImages(null), _data.Validation, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((6, false), (unknown.LearnedImages!.Count, unknown.LearnedImages.IsComplete));
    }

    [Fact]
    public void Pretrained_weights_of_the_same_name_and_other_bytes_have_another_card()
    {
        SwanRun first = Train(Options, _data.Train, _data.Validation, "first"),
            second = Train(Options with { Seed = 1 }, _data.Train, _data.Validation, "second");

        string Described(SwanRun from, string name) => SwanModelFile.Read(Exported(Train(
            Options with { BackboneWeights = from.BestWeights }, _data.Train, _data.Validation, name))).Card.Training["backboneWeights"];
        string one = Described(first, "one"), two = Described(second, "two");

        Assert.Matches(@"^best\.safetensors \([0-9a-f]{8}\)$", one);
        Assert.NotEqual(one, two);
    }

    private SwanRun Train(SwanTrainerOptions options, CaptionedImageSet train, CaptionedImageSet? validation, string run) =>
        new SwanTrainer(options).Train(train, validation, _folder.File(run),
            progress: new TinyRun.Callback(p =>
            {
                if (p.Message is { } message) _said.Add(message);
            }),
            cancellationToken: TestContext.Current.CancellationToken).Run;

    private static string Exported(SwanRun run)
    {
        string path = run.Folder + ".swan";
        SwanExporter.Export(run, path);
        return path;
    }

    private static ImageIdentity[] Identities(CaptionedImageSet set) => [.. set.Images.Select(i => ImageIdentity.Read(i.ImagePath))];

    private CaptionedImageSet Copied(CaptionedImageSet set, string kind)
    {
        if (kind == "same") return set;
        string folder = Directory.CreateDirectory(_folder.File("copies")).FullName;
        return new([.. set.Images.Select((image, i) =>
        {
            string copy = Path.Combine(folder, $"{i}{(kind == "jpeg 40" ? ".jpg" : ".png")}");
            if (kind == "renamed") File.Copy(image.ImagePath, copy);
            else if (kind == "jpeg 40") SavedAgain.AsJpeg(image.ImagePath, copy);
            else SavedAgain.AtHalfSize(image.ImagePath, copy);
            return image with { ImagePath = copy, FileName = Path.GetFileName(copy) };
        })], "copies");
    }
}
