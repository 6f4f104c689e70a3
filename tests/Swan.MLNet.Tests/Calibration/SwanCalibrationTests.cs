using System.Text;
using System.Text.Json.Nodes;
using Swan.MLNet.Calibration;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Calibration;

public sealed class SwanCalibrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModelFile _file;

    public SwanCalibrationTests() => _file = SwanModelFile.Read(TinyModel.Write(_folder.FullName));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_without_a_calibration_has_none()
    {
        using SwanModel model = SwanModel.Open(_file);
        Assert.Null(model.Calibration);
        Assert.Null(model.JudgeText("planes"));
    }

    [Fact]
    public void A_calibration_is_read_from_a_saved_model_as_it_was_written()
    {
        SwanCalibration made = TinyCalibration.Create(_file);
        string path = _folder.File("calibrated.swan");
        _file.WithCalibration(made.ToJson()).Save(path);

        using SwanModel model = SwanModel.Open(path);
        SwanCalibration read = model.Calibration!;
        Assert.Equal(_file.Card.Identity, read.Model);
        Assert.Equal(made.Origin, read.Origin);
        Assert.Equal((made.DefaultMinProbability, made.BankImages, made.KnownWordCount),
            (read.DefaultMinProbability, read.BankImages, read.KnownWordCount));
        Assert.Equal(made.ToJson(), read.ToJson());
        Assert.True(model.JudgeText("green river bridge")!.IsKnown);
    }

    [Theory]
    [InlineData("version", "2", "version 2")]
    [InlineData("model", "\"other\"", "is for the model other")]
    [InlineData("bank", "\"AAAA\"", "a bank of 3 bytes")]
    [InlineData("bank", "\"AAAAAAAA\"", "a bank of 6 bytes")]
    [InlineData("minProbability", "1.5", "minimum probability 1.5")]
    [InlineData("any", "[1, 2]", "weights 'any'")]
    [InlineData("hit", "[]", "weights 'hit'")]
    [InlineData("hit", "[1e300, 0, 0, 0, 0, 0]", "weights 'hit'")]
    [InlineData("words", "null", "can't be read")]
    public void What_is_wrong_with_an_entry_is_said(string field, string value, string expected)
    {
        var json = (JsonObject)JsonNode.Parse(TinyCalibration.Create(_file).ToJson())!;
        json[field] = JsonNode.Parse(value);
        SwanModelFile file = _file.WithCalibration(Encoding.UTF8.GetBytes(json.ToJsonString()));
        SwanFormatException thrown = Assert.Throws<SwanFormatException>(() => SwanCalibration.Read(file));
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("calibrate the model again", thrown.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_missing_field_is_a_fault_of_the_file()
    {
        SwanModelFile file = _file.WithCalibration("{}"u8.ToArray());
        Assert.Throws<SwanFormatException>(() => SwanCalibration.Read(file));
    }

    [Fact]
    public void Higher_scores_and_likenesses_are_more_probable()
    {
        SwanCalibration calibration = TinyCalibration.Create(_file);
        float[] query = TinyModel.CaptionEmbedding("green river bridge");
        double[] near = new double[1], far = new double[1];
        float[] opposite = [.. query.Select(v => -v)];
        double any = calibration.Judge(query, 100, [1f], query, near), none = calibration.Judge(query, 100, [-1f], opposite, far);
        Assert.InRange(any, none + 0.1, 1);
        Assert.InRange(near[0], far[0], any);
    }

    [Fact]
    public void Nothing_found_has_the_probability_zero() =>
        Assert.Equal(0, TinyCalibration.Create(_file).Judge(TinyModel.CaptionEmbedding("green river"), 0, [], [], []));

    [Fact]
    public void Lengths_that_do_not_fit_are_refused() => Assert.Throws<ArgumentException>(
        () => TinyCalibration.Create(_file).Judge(TinyModel.CaptionEmbedding("green"), 10, [0.5f], new float[3], new double[1]));

    [Fact]
    public void A_bank_of_eight_bits_keeps_directions()
    {
        float[] rows = [.. TinyModel.DifferentCaptions(50).SelectMany(TinyModel.CaptionEmbedding)];
        ImageBank bank = ImageBank.Decode(ImageBank.Encode(rows, TinyModel.EmbeddingSize), TinyModel.EmbeddingSize)!;
        Assert.Equal(50, bank.Count);
        for (int row = 0; row < 50; row++)
        {
            double cosine = 0;
            for (int d = 0; d < TinyModel.EmbeddingSize; d++) cosine += bank[row][d] * rows[row * TinyModel.EmbeddingSize + d];
            Assert.InRange(cosine, 0.9999, 1.0001);
        }
        Assert.Equal(ImageBank.Encode(rows, TinyModel.EmbeddingSize), ImageBank.Encode(bank.Rows, TinyModel.EmbeddingSize));
    }
}
