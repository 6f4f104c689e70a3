using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.ModelFiles;

/// <summary>A model's file is open as long as somebody uses it, and no longer.</summary>
public sealed class OpenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new();
    private readonly string _path;

    public OpenFileTests() => _path = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Uses => new()
    {
        "inspect", "model", "towers", "model of a file", "refused options", "captions", "two steps", "zero-shot", "host", "broken tower",
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void A_file_is_closed_after(string use)
    {
        Use(use);
        // .NET refuses this while anybody in the process has the file open.
        using FileStream free = File.Create(_path);
    }

    [Fact]
    public void A_file_is_open_as_long_as_one_of_several_models_is()
    {
        SwanModelFile file = SwanModelFile.Read(_path);
        SwanModel first = SwanModel.Open(file), second = SwanModel.Open(file);
        first.Dispose();
        first.Dispose();
        File.Delete(_path);
        Assert.NotEmpty(second.EmbedCaption("green river"));
        second.Dispose();
        Assert.Throws<FileNotFoundException>(() => SwanModel.Open(file));
        Assert.Contains("vocabulary.json", Assert.Throws<IOException>(() => file.Vocabulary).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_path_is_that_of_the_first_use()
    {
        SwanModelFile file = SwanModelFile.Read(Path.GetRelativePath(Environment.CurrentDirectory, _path));
        Assert.Equal(TinyModel.TextOnnx, file.TextOnnx.ToArray());
    }

    [Fact]
    public void Saving_a_pipeline_after_its_model_is_gone_names_the_entry()
    {
        IDataView rows = Rows();
        SwanEmbeddingTransformer fitted;
        using (SwanModel model = SwanModel.Open(_path))
        {
            fitted = _ml.Transforms.SwanEmbedding("Embedding", nameof(TextRow.Text), model, Captions()).Fit(rows);
            Assert.Single(fitted.Transform(rows).GetColumn<float[]>("Embedding"));
        }
        _ml.Model.Save(fitted, rows.Schema, _folder.File("while-it-is-there.zip"));
        File.Delete(_path);
        string refused = Assert.ThrowsAny<Exception>(() => _ml.Model.Save(fitted, rows.Schema, _folder.File("gone.zip"))).ToString();
        Assert.Contains("'text.onnx' of the model file 'tiny.swan' can't be read now", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_whose_file_was_overwritten_is_told_to_open_it_again()
    {
        using SwanModel model = SwanModel.Open(_path);
        Assert.NotEmpty(model.EmbedCaption("green river"));
        string other = _folder.File("other.swan");
        SwanModelFile.Write(other, TinyModel.Card, TinyModel.ImageOnnxOf(16), TinyModel.TextOnnx, TinyModel.Vocabulary);
        File.WriteAllBytes(_path, File.ReadAllBytes(other));
        Assert.Contains("open the model again, and replace files by renaming", Refused(), StringComparison.Ordinal);
        // An archive that is whole no longer, too; and what was refused stays so.
        using SwanModel second = SwanModel.Open(_path);
        File.WriteAllBytes(_path, new byte[30]);
        Assert.Contains(
            "open the model again, and replace files by renaming",
            Assert.Throws<SwanFormatException>(() => second.EmbedCaption("green river")).Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", Refused(), StringComparison.Ordinal);

        string Refused() => Assert.Throws<SwanFormatException>(() => model.EmbedImage(Picture())).Message;
    }

    [Fact]
    public void An_entry_that_stays_never_takes_a_foreign_hash()
    {
        SwanModelFile file = SwanModelFile.Read(_path);
        string expected = file.Card.Entries["image.onnx"];
        string other = _folder.File("other.swan");
        SwanModelFile.Write(other, TinyModel.Card, TinyModel.ImageOnnxOf(16), TinyModel.TextOnnx, TinyModel.Vocabulary);
        File.Move(other, _path, overwrite: true);
        SwanModelFile calibrated = file.WithCalibration("{}"u8.ToArray());
        Assert.Equal(expected, calibrated.Card.Entries["image.onnx"]);
        Assert.Contains(
            "SHA-256", Assert.Throws<SwanFormatException>(() => calibrated.Save(_folder.File("copy.swan"))).Message,
            StringComparison.Ordinal);
    }

    private void Use(string what)
    {
        switch (what)
        {
            case "inspect":
                SwanModelFile.Read(_path).Validate();
                break;
            case "model" or "towers":
                using (SwanModel model = SwanModel.Open(
                    _path, new SwanModelOptions { Towers = what == "model" ? SwanTowers.WhenNeeded : SwanTowers.AtOnce }))
                {
                    Assert.ThrowsAny<IOException>(() => File.Create(_path));
                    Assert.NotEmpty(model.EmbedCaption("green river"));
                }
                break;
            case "model of a file":
                using (SwanModel model = SwanModel.Open(SwanModelFile.Read(_path))) model.EmbedImage(Picture());
                break;
            case "refused options":
                Assert.Throws<ArgumentOutOfRangeException>(() => SwanModel.Open(_path, new SwanModelOptions { Threads = -1 }));
                break;
            case "captions":
                using (Step().Fit(Rows())) Assert.ThrowsAny<IOException>(() => File.Create(_path));
                break;
            case "two steps":
                SwanEmbeddingEstimator step = Step();
                using (step.Fit(Rows())) step.Fit(Rows()).Dispose();
                break;
            case "zero-shot":
                _ml.Transforms.SwanZeroShot(
                    "Label", "Scores", "Embedding", _path,
                    new SwanZeroShotOptions { Classes = ["river", "green"], PromptTemplates = ["{0}"] });
                break;
            case "host":
                var services = new ServiceCollection();
                services.AddSwan(options => options.ModelPath = _path);
                using (ServiceProvider provider = services.BuildServiceProvider())
                    Assert.NotEmpty(provider.GetRequiredService<SwanModel>().EmbedCaption("green river"));
                break;
            case "broken tower":
                EditedModelFile.Write(_path, _folder.File("x.swan"), entries => entries["text.onnx"][^1] ^= 1, null);
                File.Move(_folder.File("x.swan"), _path, overwrite: true);
                Assert.Throws<SwanFormatException>(() => SwanModel.Open(_path, new SwanModelOptions { Towers = SwanTowers.AtOnce }));
                Assert.Throws<SwanFormatException>(() => Step().Fit(Rows()));
                break;
            default:
                throw new ArgumentException(what);
        }
    }

    private SwanEmbeddingEstimator Step() => _ml.Transforms.SwanEmbedding("Embedding", nameof(TextRow.Text), _path, Captions());

    private static SwanEmbeddingOptions Captions() => new() { Input = SwanInput.Caption };

    private IDataView Rows() => _ml.Data.LoadFromEnumerable([new TextRow { Text = "green river" }]);

    private static RgbImage Picture() => new(8, 8, new byte[3 * 8 * 8]);
}
