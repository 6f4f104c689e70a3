using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Transforms;

public sealed class LoadPipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;

    public LoadPipelineTests() => _model = TinyModel.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_option_survives_saving()
    {
        var options = new SwanEmbeddingOptions
        {
            BatchSize = 5,
            ImageFolder = "images",
            OnError = SwanOnError.Missing,
            ErrorColumn = "Why",
            RestrictToImageFolder = false,
            MaxPixels = 1234,
            MaxBytes = 5678,
            Device = SwanDevice.Cpu,
            Threads = 1,
            AllowSpinning = true,
            Input = SwanInput.ImagePath,
            Rotations = 2,
            EmbedEmptyCaptions = true,
            Range = SampleRange.Values(-0.5, 3000),
            Bands = [4, 3, 2],
            NoData = double.NaN,
            MinValidShare = 0.25,
        };
        using SwanEmbeddingTransformer loaded = Load(Save(options), null);
        Assert.Equal(JsonSerializer.Serialize(options), JsonSerializer.Serialize(loaded.Options));
        // An option that is added later has to be in this test: none may have its default.
        var defaults = JsonSerializer.SerializeToNode(new SwanEmbeddingOptions())!.AsObject();
        Assert.All(JsonSerializer.SerializeToNode(options)!.AsObject(),
            o => Assert.NotEqual(defaults[o.Key]?.ToJsonString(), o.Value?.ToJsonString()));
    }

    [Fact]
    public void The_machine_that_loads_decides_device_threads_batch_size_and_folder()
    {
        TinyImages.Write(_folder.FullName, "a.png", 1);
        string path = Save(new SwanEmbeddingOptions { BatchSize = 5, Threads = 1, ImageFolder = "elsewhere" });
        var log = new LogLines(_ml);
        using SwanEmbeddingTransformer loaded = Load(path, new SwanLoadOptions
        {
            Device = SwanDevice.Cpu,
            Threads = 3,
            AllowSpinning = true,
            BatchSize = 7,
            ImageFolder = _folder.FullName,
        });
        Assert.Equal("cpu, 3 threads, spinning: as requested", loaded.DeviceReport);
        Assert.Contains(log.Infos, l => l.EndsWith(loaded.DeviceReport, StringComparison.Ordinal));
        Assert.Equal((7, 3, true), (loaded.Options.BatchSize, loaded.Options.Threads, loaded.Options.AllowSpinning));
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "a.png" }]);
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(_folder.File("a.png"))),
            _ml.Data.CreateEnumerable<EmbeddedRow>(loaded.Transform(data), false).Single().Embedding);
        Assert.Equal(5, Load(path, null).Options.BatchSize);
    }

    [Fact]
    public void Saving_a_loaded_pipeline_again_saves_what_was_saved_first()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow()]);
        using SwanEmbeddingTransformer loaded = Load(
            Save(new SwanEmbeddingOptions { BatchSize = 5, Threads = 1 }), new SwanLoadOptions { BatchSize = 9, Threads = 2 });
        _ml.Model.Save(loaded, data.Schema, _folder.File("again.zip"));
        Assert.Equal(
            (5, 1), (Load(_folder.File("again.zip"), null).Options.BatchSize, Load(_folder.File("again.zip"), null).Options.Threads));
    }

    [Fact]
    public void A_loaded_pipeline_can_be_canceled()
    {
        using var source = new CancellationTokenSource();
        using SwanEmbeddingTransformer loaded = Load(
            Save(new SwanEmbeddingOptions { Input = SwanInput.Caption }), new SwanLoadOptions { CancellationToken = source.Token });
        source.Cancel();
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "river" }]);
        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Data.CreateEnumerable<EmbeddedRow>(loaded.Transform(data), false).ToArray());
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_named_with_what_is_missing_and_how_to_go_without()
    {
        Assert.SkipWhen(Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"),
            "this ONNX Runtime has CUDA");
        string path = Save(new SwanEmbeddingOptions());
        string message = Assert.Throws<SwanDeviceException>(() => Load(path, new SwanLoadOptions { Device = SwanDevice.Cuda(1) })).Message;
        Assert.Contains("'cuda:1' was selected, as requested, but", message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", message, StringComparison.Ordinal);
        Assert.Contains("SWAN_DEVICE", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4097, 1)]
    [InlineData(1, -1)]
    public void Overrides_out_of_range_are_refused(int batchSize, int threads) =>
        Assert.Contains("expected", Assert.Throws<ArgumentOutOfRangeException>(() => Load(Save(new SwanEmbeddingOptions()),
            new SwanLoadOptions { BatchSize = batchSize, Threads = threads })).Message, StringComparison.Ordinal);

    [Fact]
    public void Environment_variables_reach_pipelines_that_others_load()
    {
        string path = Save(new SwanEmbeddingOptions { Input = SwanInput.Caption, Threads = 1 });
        JsonNode report = LoadOnlyProcess.Run(
            new Dictionary<string, string> { ["SWAN_DEVICE"] = "cpu", ["SWAN_THREADS"] = "3", ["SWAN_BATCH_SIZE"] = "2" }, path, "Text",
            "river", "bridge");
        Assert.Contains("cpu, 3 threads: as SWAN_DEVICE says", report["Log"]!.ToJsonString(), StringComparison.Ordinal);
        TinyModel.Same(TinyModel.CaptionEmbedding("bridge"), LoadOnlyProcess.Vector(report, 1, "Embedding"));
    }

    [Theory]
    [InlineData("SWAN_BATCH_SIZE", "0", "1 to 4096")]
    [InlineData("SWAN_BATCH_SIZE", "4097", "1 to 4096")]
    [InlineData("SWAN_BATCH_SIZE", "99999999999", "1 to 4096")]
    [InlineData("SWAN_THREADS", "-1", "0 (one per processor) or more")]
    [InlineData("SWAN_DEVICE", "gpu", "auto, cpu, cuda or cuda:N")]
    public void An_environment_variable_out_of_range_is_named(string variable, string value, string expected)
    {
        string path = Save(new SwanEmbeddingOptions { Input = SwanInput.Caption });
        (int code, _, string errors) = ChildProcess.Finish(
            "dotnet", [LoadOnlyProcess.Program, path, "Text", "river"], (variable, value));
        Assert.NotEqual(0, code);
        Assert.Contains($"The environment variable {variable} is '{value}'; expected {expected}.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_or_another_file_is_not_taken_for_a_pipeline()
    {
        string message = Assert.Throws<SwanFormatException>(() => _ml.Swan().LoadPipeline(_model, out _)).Message;
        Assert.StartsWith($"'{_model}' is a model, not a saved pipeline", message, StringComparison.Ordinal);
        Assert.Contains("SwanModel.Open", message, StringComparison.Ordinal);
        string index = _folder.File("gallery.swanindex");
        SearchRows.Index().Save(index);
        message = Assert.Throws<SwanFormatException>(() => _ml.Swan().LoadPipeline(index, out _)).Message;
        Assert.StartsWith($"'{index}' is not a saved pipeline", message, StringComparison.Ordinal);
        using FileStream stream = File.OpenRead(_model);
        Assert.Throws<SwanFormatException>(() => _ml.Swan().LoadPipeline(stream, out _));
    }

    [Fact]
    public void A_pipeline_is_read_from_where_its_stream_stands()
    {
        using var stream = new MemoryStream(File.ReadAllBytes(Save(new SwanEmbeddingOptions { Input = SwanInput.Caption })));
        using var loaded = (SwanEmbeddingTransformer)_ml.Swan().LoadPipeline(stream, out _);
        Assert.Equal("Embedding", loaded.OutputColumnName);
    }

    [Fact]
    public void What_a_stream_throws_while_it_is_read_is_no_fault_of_the_pipeline()
    {
        byte[] file = File.ReadAllBytes(Save(new SwanEmbeddingOptions { Input = SwanInput.Caption }));
        using var whole = new FailingStream(file, int.MaxValue);
        ((IDisposable)_ml.Swan().LoadPipeline(whole, out _)).Dispose();

        foreach (int after in (int[])[0, whole.Given / 2, whole.Given - 1])
        {
            using var stream = new FailingStream(file, after);
            IOException e = Assert.Throws<IOException>(() => _ml.Swan().LoadPipeline(stream, out _));
            Assert.Equal("the connection was lost", e.Message);
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void Threads_are_the_processors_that_NET_counts(string processors)
    {
        string path = Save(new SwanEmbeddingOptions { Input = SwanInput.Caption });
        JsonNode report = LoadOnlyProcess.Run(
            new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = processors }, path, "Text", "river");
        string threads = processors == "1" ? "1 thread" : $"{processors} threads";
        Assert.Contains($"cpu, {threads}: ", report["Log"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_keep_to_the_processors_that_a_process_is_bound_to()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/taskset"), "there is no taskset to bind a process to one processor");
        string path = Save(new SwanEmbeddingOptions { Input = SwanInput.Caption });
        string report = LoadOnlyProcess.Start(new Dictionary<string, string>(), "/usr/bin/taskset", "-c", "0", "dotnet",
            LoadOnlyProcess.Program, path, "Text", "river");
        Assert.Contains("cpu, 1 thread: ", report, StringComparison.Ordinal);
    }

    private SwanEmbeddingTransformer Load(string path, SwanLoadOptions? options) =>
        (SwanEmbeddingTransformer)_ml.Swan().LoadPipeline(path, out _, options);

    private string Save(SwanEmbeddingOptions options)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new TextRow { Text = "river", Number = 1 }]);
        string path = _folder.File("pipeline.zip");
        using SwanEmbeddingTransformer transformer = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, options).Fit(data);
        _ml.Model.Save(transformer, data.Schema, path);
        return path;
    }

    // Fails once it has given so many bytes.
    private sealed class FailingStream(byte[] file, int after) : MemoryStream(file)
    {
        public int Given { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => Counted(base.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Counted(base.Read(buffer));

        private int Counted(int read) => (Given += read) > after ? throw new IOException("the connection was lost") : read;
    }
}
