using SkiaSharp;
using Swan.MLNet;
using Swan.MLNet.Calibration;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.DataLoading;
using Swan.Training.Evaluation;

namespace Swan.Training.Tests.Evaluation;

public sealed class SwanCalibratorTests : IDisposable
{
    private static readonly (string Scene, SKColor Ground)[] Scenes =
    [
        ("planes", new(30, 110, 40)), ("bridge", new(220, 200, 140)), ("harbor", new(40, 80, 170)), ("stadium", new(200, 40, 40)),
        ("houses", new(20, 20, 20)), ("farmland", new(230, 230, 230)),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly SwanModelFile _model;
    private readonly CaptionedImageSet _data, _bank;

    public SwanCalibratorTests()
    {
        _model = SwanModelFile.Read(TinyModel.Write(_folder.FullName));
        (_data, _bank) = (Set("val", 0, 60), Set("train", 1000, 90));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_fit_is_in_the_model_and_the_same_again()
    {
        (SwanModelFile first, SwanCalibrationReport report) = Fit();
        (SwanModelFile second, SwanCalibrationReport _) = Fit();
        Assert.Equal(first.Calibration.ToArray(), second.Calibration.ToArray());
        Assert.Equal(_model.Card.Identity, first.Card.Identity);
        SwanCalibration calibration = SwanCalibration.Read(first)!;
        Assert.Equal((report.MinProbability, 50), (calibration.DefaultMinProbability, calibration.BankImages));
        Assert.Equal(("val", "train"), (calibration.Origin.Fitted, calibration.Origin.Bank));
        Assert.NotEqual(first.Calibration.ToArray(), Fit(seed: 1).Model.Calibration.ToArray());
    }

    [Fact]
    public void A_report_counts_every_caption_with_its_scene_and_without()
    {
        (_, SwanCalibrationReport report) = Fit(checks: [Set("other", 2000, 24)]);
        Assert.Equal(["val", "val, bank without the scene", "other", "other, bank without the scene"], report.Rows.Select(r => r.Name));
        Assert.Equal([(60, 120), (60, 120), (24, 48), (24, 48)], report.Rows.Select(r => (r.Images, r.Queries)));
        Assert.All(report.Rows, row => Assert.InRange(row.AnsweredWithoutRight, 0, 1));
        Assert.All(report.Rows, row => Assert.InRange(row.NothingWithRight, 0, 1));
        Assert.Equal(240, report.Any.Sum(bin => bin.Count));
        Assert.Equal(2400, report.Hits.Sum(bin => bin.Count));
        Assert.InRange(report.ExpectedErrorOfAny, 0, 1);
    }

    [Fact]
    public void A_model_that_has_learned_the_images_is_refused()
    {
        SwanModelFile learned = _model.WithLearnedImages(
            new ImageIdentitySet(ImageIdentities.Read(_data, TestContext.Current.CancellationToken)));
        SwanMismatchException thrown = Assert.Throws<SwanMismatchException>(() => Fit(learned));
        Assert.Contains("has learned from 60 of the 60 images of 'val'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--fitted-with", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bank_of_the_same_images_is_refused() =>
        Assert.Contains("are also in 'val'", Assert.Throws<SwanMismatchException>(() => SwanCalibrator.Fit(
            _model, _data, _data, new SwanCalibrationOptions { BankImages = 50 },
            cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

    [Fact]
    public void Too_few_scenes_or_images_are_refused()
    {
        CaptionedImageSet three = new([.. _data.Images.Where(i => i.Scene is "planes" or "bridge" or "harbor")], "three");
        Assert.Contains("3 different scenes", Assert.Throws<SwanDataException>(() => SwanCalibrator.Fit(
            _model, three, _bank, cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Contains("10 images for the bank", Assert.Throws<SwanDataException>(() => SwanCalibrator.Fit(
            _model, _data, new([.. _bank.Images.Take(10)], "few"), cancellationToken: TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
        Assert.Throws<SwanOptionsException>(() => SwanCalibrator.Fit(
            _model, _data, _bank, new SwanCalibrationOptions { BankImages = 3 }, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_twins_fit_is_taken_over_and_the_bank_embedded_anew()
    {
        SwanModelFile twin = Fit().Model;
        SwanModelFile final = SwanModelFile.Read(TinyModel.WriteScaled(_folder.FullName));
        Assert.NotEqual(_model.Card.Identity, final.Card.Identity);
        SwanModelFile calibrated = SwanCalibrator.Apply(
            final, twin, _bank, cancellationToken: TestContext.Current.CancellationToken);
        (SwanCalibration from, SwanCalibration to) = (SwanCalibration.Read(twin)!, SwanCalibration.Read(calibrated)!);
        Assert.Equal(final.Card.Identity, to.Model);
        Assert.Equal((from.Origin, from.DefaultMinProbability, from.BankImages, from.KnownWordCount),
            (to.Origin, to.DefaultMinProbability, to.BankImages, to.KnownWordCount));
        Assert.Equal(from.Any.Weights, to.Any.Weights);
    }

    [Fact]
    public void A_twin_of_another_form_or_bank_is_refused()
    {
        SwanModelFile twin = Fit().Model, other = SwanModelFile.Read(TinyModel.WriteWithConstant(_folder.FullName));
        Assert.Contains("the embedding size (7 and 6)", Refused(other, twin, _bank), StringComparison.Ordinal);
        Assert.Contains("has no calibration", Refused(_model, _model, _bank), StringComparison.Ordinal);
        Assert.Contains("was drawn from 'train', but 'val' gives other images", Refused(_model, twin, _data),
            StringComparison.Ordinal);
        // Another file of the same name.
        Assert.Contains("but 'train' gives other images", Refused(_model, twin, Set("train", 3000, 90)), StringComparison.Ordinal);

        static string Refused(SwanModelFile model, SwanModelFile twin, CaptionedImageSet bank) => Assert.Throws<SwanMismatchException>(
            () => SwanCalibrator.Apply(model, twin, bank, cancellationToken: TestContext.Current.CancellationToken)).Message;
    }

    [Fact]
    public void A_bank_is_the_same_under_another_name()
    {
        SwanModelFile twin = Fit().Model;
        SwanCalibration applied = SwanCalibration.Read(SwanCalibrator.Apply(
            _model, twin, new CaptionedImageSet(_bank.Images, "renamed"), cancellationToken: TestContext.Current.CancellationToken))!;
        Assert.Equal(twin.Calibration.ToArray(), applied.ToJson());
        Assert.Equal(64, applied.Origin.BankDigest!.Length);
    }

    [Fact]
    public void A_twin_that_does_not_name_its_bank_is_refused()
    {
        SwanModelFile twin = _model.WithCalibration(TinyCalibration.Create(_model).ToJson());
        Assert.Contains("doesn't list its bank's images", Assert.Throws<SwanMismatchException>(() => SwanCalibrator.Apply(
            _model, twin, _bank, cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_the_model_or_the_bank_knows_is_refused()
    {
        CaptionedImageSet other = Set("other", 2000, 24);
        SwanModelFile learned = _model.WithLearnedImages(
            new ImageIdentitySet(ImageIdentities.Read(other, TestContext.Current.CancellationToken)));
        Assert.Contains("has learned from 24 of the 24 images of 'other'",
            Assert.Throws<SwanMismatchException>(() => Fit(learned, checks: [other])).Message, StringComparison.Ordinal);
        Assert.Contains("images are also in 'copy'", Assert.Throws<SwanMismatchException>(
            () => Fit(checks: [new CaptionedImageSet([.. _bank.Images.Take(60)], "copy")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scenes_that_are_spelled_otherwise_are_the_same()
    {
        CaptionedImageSet other = Set("other", 2000, 24);
        CaptionedImageSet spelled = new(
            [.. other.Images.Select(i => i with { Scene = $"{i.Scene![..2].ToUpperInvariant()}-{i.Scene[2..]}" })], "other");
        Assert.Equal(Fit(checks: [other]).Report.Rows, Fit(checks: [spelled]).Report.Rows);
    }

    [Fact]
    public void Scenes_that_the_fit_does_not_know_are_named()
    {
        CaptionedImageSet other = Set("other", 2000, 24);
        CaptionedImageSet unknown = new(
            [.. other.Images.Select(i => i with { Scene = $"new {i.Scene}" })], "unknown");
        var said = new List<string>();
        SwanCalibrator.Fit(
            _model, _data, _bank, new SwanCalibrationOptions { BankImages = 50 },
            new CalibrationChecks([unknown], null, [], said.Add), null, TestContext.Current.CancellationToken);
        Assert.Contains(said, line => line.StartsWith("unknown: 6 of its scenes are not in 'val', such as 'new bridge'.",
            StringComparison.Ordinal));
    }

    private (SwanModelFile Model, SwanCalibrationReport Report) Fit(
        SwanModelFile? model = null, int seed = 0, IReadOnlyList<CaptionedImageSet>? checks = null) => SwanCalibrator.Fit(
            model ?? _model, _data, _bank, new SwanCalibrationOptions { BankImages = 50, Seed = seed }, checks,
            cancellationToken: TestContext.Current.CancellationToken);

    private CaptionedImageSet Set(string name, int first, int count)
    {
        Directory.CreateDirectory(_folder.File(name));
        return new CaptionedImageSet([.. Enumerable.Range(first, count).Select(i =>
        {
            (string scene, SKColor ground) = Scenes[i % Scenes.Length];
            string file = $"{scene}_{i}.png", path = Path.Combine(_folder.File(name), file);
            TinyData.WriteImage(path, i, ground);
            return new CaptionedImage(path, file, scene, [scene, $"green {scene}"]);
        })], name);
    }
}
