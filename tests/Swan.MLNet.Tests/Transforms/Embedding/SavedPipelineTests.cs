using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class SavedPipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public SavedPipelineTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_caption_pipeline_loads_in_a_process_that_registers_nothing_without_the_model_file()
    {
        string pipeline = Save(_ml.Transforms.CopyColumns("Copy", "Text").AppendSwanCaptionEmbedding(_ml, "Embedding", "Text", _model)
            .Append(_ml.Transforms.CopyColumns("Features", "Embedding")));
        File.Delete(_model);
        JsonNode report = LoadOnlyProcess.Run(pipeline, "Text", TinyModel.Sentences);
        Assert.False(report["LoadedBefore"]!.GetValue<bool>());
        for (int i = 0; i < TinyModel.Sentences.Length; i++)
            TinyModel.Same(TinyModel.CaptionEmbedding(TinyModel.Sentences[i]), LoadOnlyProcess.Vector(report, i, "Embedding"));
    }

    [Fact]
    public void An_image_pipeline_loads_there_too_with_its_image_folder()
    {
        string[] names = ["0.png", "1.png", "2.png"];
        for (int i = 0; i < names.Length; i++) TinyImages.Write(_folder.FullName, names[i], i);
        string pipeline = Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { ImageFolder = _folder.FullName }));
        JsonNode report = LoadOnlyProcess.Run(pipeline, "Text", names);
        for (int i = 0; i < names.Length; i++)
        {
            TinyModel.Same(
                TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File(names[i]))), LoadOnlyProcess.Vector(report, i, "Embedding"));
        }
    }

    [Fact]
    public void A_zero_shot_pipeline_loads_there_without_its_text_tower()
    {
        string[] names = ["0.png", "1.png", "2.png"];
        for (int i = 0; i < names.Length; i++) TinyImages.Write(_folder.FullName, names[i], i);
        string pipeline = Save(_ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { ImageFolder = _folder.FullName })
            .AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding", _model, ZeroShotRows.Options)
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel")));
        File.Delete(_model);
        using (var zip = System.IO.Compression.ZipFile.OpenRead(pipeline)) Assert.DoesNotContain(zip.Entries, e => e.Name == "text.onnx");
        JsonNode report = LoadOnlyProcess.Run(pipeline, "Text", names);
        Assert.False(report["LoadedBefore"]!.GetValue<bool>());
        for (int i = 0; i < names.Length; i++)
        {
            double[] expected = ZeroShotRows.Scores(
                TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File(names[i]))), ZeroShotRows.Options);
            Assert.All(expected.Zip(LoadOnlyProcess.Vector(report, i, "Score")), p => Assert.Equal(p.First, p.Second, tolerance: 1e-5));
            Assert.Equal(TinyModel.Sentences[Array.IndexOf(expected, expected.Max())], report["Rows"]![i]!["Class"]!.GetValue<string>());
        }
    }

    [Fact]
    public void A_saved_zero_shot_pipeline_whose_classes_were_changed_is_refused()
    {
        string path = Save(_ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model)
            .AppendSwanZeroShot(_ml, "PredictedLabel", "Score", "Embedding", _model, ZeroShotRows.Options));
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update))
        {
            System.IO.Compression.ZipArchiveEntry entry = zip.Entries.Single(e => e.Name == "classes.swanindex");
            using Stream stream = entry.Open();
            stream.Seek(-60, SeekOrigin.End);
            stream.WriteByte(0xEE);
        }
        Exception e = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _));
        Assert.Contains("SHA-256", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipeline_keeps_the_options_it_was_saved_with()
    {
        string path = Save(_ml.Transforms.SwanCaptionEmbedding(
            "Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = 5, Device = SwanDevice.Cpu, Threads = 1 }));
        using var loaded = (SwanEmbeddingTransformer)_ml.Model.Load(path, out _);
        Assert.Equal("tiny", loaded.Card.Name);
        Assert.Equal(SwanInput.Caption, loaded.Input);
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Repeat(new TextRow { Text = "river" }, 10).ToArray());
        Assert.Equal(10, _ml.Data.CreateEnumerable<EmbeddedRow>(loaded.Transform(data), reuseRowObject: false).Count());
        Assert.Equal(3, loaded.Lease.Captions.Session.Batches); // 4, 5, 1 rows
        Assert.Equal("cpu, 1 thread: as saved with the pipeline", loaded.DeviceReport);
    }

    [Fact]
    public void A_saved_pipeline_whose_encoder_was_changed_is_refused()
    {
        string path = Save(_ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model));
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Update))
        {
            System.IO.Compression.ZipArchiveEntry entry = zip.Entries.Single(e => e.Name == "text.onnx");
            using Stream stream = entry.Open();
            stream.Seek(-1, SeekOrigin.End);
            stream.WriteByte(0xEE);
        }
        Exception e = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _));
        Assert.Contains("SHA-256", e.ToString(), StringComparison.Ordinal);
    }

    private string Save(IEstimator<ITransformer> estimator)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "river", Number = 1 }]);
        string path = _folder.File("pipeline.zip");
        _ml.Model.Save(estimator.Fit(data), data.Schema, path);
        return path;
    }
}
