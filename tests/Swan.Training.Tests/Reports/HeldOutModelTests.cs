using Swan.MLNet;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.Training.Evaluation;
using Swan.Training.Export;
using Swan.Training.Reports;

namespace Swan.Training.Tests.Reports;

public sealed class HeldOutModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly (CaptionedImageSet Train, CaptionedImageSet Validation) _data;
    private readonly SwanRun _all;
    private readonly SwanModelFile _heldOut;

    public HeldOutModelTests()
    {
        _data = TinyData.Open(_folder.File("data"));
        foreach ((int seed, CaptionedImage image) in _data.Train.Images.Concat(_data.Validation.Images).Index())
            Sketches.Write(image.ImagePath, seed);
        SwanTrainerOptions options = TinyRun.Options with { Epochs = 1 };
        options = options with { BackboneWeights = TinyRun.Train(options, _data, _folder.File("start")).Run.BestWeights };
        _all = TinyRun.Train(options with { TrainOnValidation = true }, _data, _folder.File("all")).Run;
        string path = _folder.File("held.swan");
        SwanExporter.Export(TinyRun.Train(options, _data, _folder.File("held")).Run, path);
        _heldOut = SwanModelFile.Read(path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_that_knows_copies_of_the_validation_images_stands_for_none()
    {
        ImageIdentity[] copies = [.. _data.Validation.Images.Select(image =>
        {
            string copy = _folder.File(Path.ChangeExtension(image.FileName, ".jpg"));
            SavedAgain.AsJpeg(image.ImagePath, copy);
            return ImageIdentity.Read(copy);
        })];
        Validate(_heldOut.Card, _heldOut.LearnedImages);
        Validate(_heldOut.Card, _heldOut.LearnedImages!.Union(new(copies[..1])));

        string message = Assert.Throws<SwanMismatchException>(
            () => Validate(_heldOut.Card, _heldOut.LearnedImages!.Union(new(copies)))).Message;

        Assert.Contains("it has learned from 6 of the run's 6 validation images (0 byte for byte, 6 look the same)", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_was_normalized_on_the_validation_images_is_not_measured_on_them()
    {
        SwanModelFile normalized = QuerybankNormalization.Apply(
            _heldOut, _data.Validation.Select(Enumerable.Range(0, 5), "bank"), cancellationToken: TestContext.Current.CancellationToken);
        var clean = new MeasuredImages(_heldOut, "held.swan", _all, heldOut: true);
        var leaking = new MeasuredImages(normalized, "normalized.swan", _all, heldOut: true);
        IdentifiedSet training = Identified(_data.Train), validation = Identified(_data.Validation);

        clean.ThrowIfNormalizedOn([validation, training]);
        Assert.StartsWith("what the best epoch was chosen on", clean.Relation(validation, null), StringComparison.Ordinal);
        leaking.ThrowIfNormalizedOn([training]);
        Assert.Contains("'normalized.swan' knows 5 of the 6 images of 'val.jsonl' (5 byte for byte, 0 look the same)",
            Assert.Throws<SwanMismatchException>(() => leaking.ThrowIfNormalizedOn([validation])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pretrained_weights_compare_by_their_bytes_unless_an_earlier_card_has_the_name_only()
    {
        const string Option = "backboneWeights";
        ModelCard With(string weights) =>
            _heldOut.Card with { Training = new Dictionary<string, string>(_heldOut.Card.Training) { [Option] = weights } };
        Assert.Matches(@"^best\.safetensors \([0-9a-f]{8}\)$", _heldOut.Card.Training[Option]);

        Validate(With("best.safetensors"), null);
        Assert.Contains("its backboneWeights is best.safetensors (00000000) and the run's best.safetensors (",
            Assert.Throws<SwanMismatchException>(() => Validate(With("best.safetensors (00000000)"), null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_other_arithmetic_is_of_another_form()
    {
        HeldOutModel.ValidateForm(_heldOut.Card, "held.swan", _heldOut.Card);

        Assert.Contains("'held.swan' has arithmetic in int8, weights in float32, images decoded in full, all words and no querybank, "
            + "but the model has arithmetic in float32,",
            Assert.Throws<SwanMismatchException>(() => HeldOutModel.ValidateForm(
                _heldOut.Card with { Compute = SwanComputePrecision.Int8 }, "held.swan", _heldOut.Card)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_decodes_otherwise_is_of_another_form()
    {
        ModelCard scaled = _heldOut.Card with { Image = _heldOut.Card.Image with { Decode = ImageDecode.Scaled } };
        HeldOutModel.ValidateForm(scaled, "held.swan", scaled);

        foreach ((ModelCard heldOut, ModelCard model, string has, string expected) in ((ModelCard, ModelCard, string, string)[])[
            (_heldOut.Card, scaled, "in full", "scaled"), (scaled, _heldOut.Card, "scaled", "in full")])
        {
            string message = Assert.Throws<SwanMismatchException>(
                () => HeldOutModel.ValidateForm(heldOut, "held.swan", model)).Message;
            Assert.Contains($"'held.swan' has arithmetic in float32, weights in float32, images decoded {has},", message,
                StringComparison.Ordinal);
            Assert.Contains($"but the model has arithmetic in float32, weights in float32, images decoded {expected},", message,
                StringComparison.Ordinal);
        }
    }

    private void Validate(ModelCard card, ImageIdentitySet? learned) =>
        HeldOutModel.Validate(card, "held.swan", _all, RunData.Read(_all), learned);

    private static IdentifiedSet Identified(CaptionedImageSet set) => IdentifiedSet.Read(set, TestContext.Current.CancellationToken);
}
