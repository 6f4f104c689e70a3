using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Swan.MLNet.Generators;
using Swan.MLNet.Hosting;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Diagnostics;

[Collection(nameof(SwanTelemetryTests))]
public sealed class SwanTelemetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_batches_and_times_of_captions_are_counted()
    {
        using SwanModel model = Open();
        using var measurements = new Measurements();
        string[] captions = [.. Enumerable.Range(1, 10).Select(words => string.Join(' ', Enumerable.Repeat("river", words)))];
        model.EmbedCaptions(captions, batchSize: 4);
        Assert.Equal([4, 4, 2], measurements.Of("swan.encode.rows").Select(m => m.Value));
        Assert.Equal(3, measurements.Sum("swan.encode.batches"));
        Assert.Equal(3, measurements.Of("swan.encode.duration").Count(m => m.Value > 0));
        Assert.All(measurements.Of("swan.encode.rows"),
            m => Assert.Equal(("caption", "tiny", "cpu"), (m["swan.tower"], m["swan.model"], m["swan.device"])));
        Assert.Empty(measurements.Of("swan.decode.duration"));
        Assert.Empty(measurements.Of("swan.failures"));
    }

    [Fact]
    public void Equal_captions_that_share_a_run_are_counted_each()
    {
        using SwanModel model = Open();
        using var measurements = new Measurements();
        model.EmbedCaptions([.. Enumerable.Repeat("river", 10)], batchSize: 4);
        Assert.Equal(10, Assert.Single(measurements.Of("swan.encode.rows")).Value);
        Assert.Equal(1, measurements.Sum("swan.encode.batches"));
    }

    [Fact]
    public void Images_are_timed_while_they_are_decoded_one_by_one_and_encoded_in_batches()
    {
        using SwanModel model = Open();
        string[] paths = [.. Enumerable.Range(0, 5).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i))];
        using var measurements = new Measurements();
        model.EmbedImages(paths, batchSize: 2);
        model.EmbedImage(paths[0]);
        Assert.Equal(6, measurements.Of("swan.decode.duration").Count(m => m.Value > 0));
        Assert.Equal([2, 2, 1, 1], measurements.Of("swan.encode.rows").Select(m => m.Value));
        Assert.All(measurements.Of("swan.encode.rows"), m => Assert.Equal("image", m["swan.tower"]));
    }

    [Fact]
    public void Pipelines_are_measured_and_traced()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Repeat(new TextRow { Text = "river" }, 7).ToArray());
        using var transformer =
            ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", TinyModel.Write(_folder.FullName), new() { BatchSize = 7 }).Fit(data);
        using var measurements = new Measurements();
        Assert.Equal(7, ml.Data.CreateEnumerable<EmbeddedRow>(transformer.Transform(data), reuseRowObject: false).Count());
        Assert.Equal(7, measurements.Sum("swan.encode.rows"));
    }

    [Fact]
    public void Images_that_can_not_be_read_are_counted_by_their_fault()
    {
        using SwanModel model = Open();
        string bad = _folder.File("bad.png");
        File.WriteAllText(bad, "no image");
        using var measurements = new Measurements();
        using var activities = new Activities();
        Assert.Throws<SwanImageException>(() => model.EmbedImages([bad, _folder.File("nowhere.png")]));
        Assert.Equal(["Missing", "NotAnImage"], measurements.Of("swan.failures").Select(m => m["error.type"]).Order());
        Assert.All(measurements.Of("swan.failures"), m => Assert.Equal("decode", m["swan.stage"]));
        Activity decoding = Assert.Single(activities.Of("swan.decode"));
        Assert.Equal((2, 2), (decoding.GetTagItem("swan.rows"), decoding.GetTagItem("swan.faults")));
    }

    [Fact]
    public void A_failed_encoder_run_is_counted_and_its_activity_says_why()
    {
        // Pixels as indices into a table of two: the graph opens, and fails when a brighter image comes.
        byte[] failing = new TinyOnnx()
            .Input("pixels", TinyOnnx.UInt8, "N", 8, 8, 3).Output("embedding", TinyOnnx.Float, "N", 6)
            .Integers("flat", [-1, 192], 2).Weights("table", [0, 1], 2).Weights("w", new float[192 * 6], 192, 6)
            .Node("Cast", ["pixels"], "ids", ("to", 7L)).Node("Reshape", ["ids", "flat"], "rows")
            .Node("Gather", ["table", "rows"], "values", ("axis", 0L)).Node("MatMul", ["values", "w"], "embedding").Build();
        SwanModelFile file = SwanModelFile.Create("failing.swan", TinyModel.Card, failing, TinyModel.TextOnnx, TinyModel.Vocabulary);
        using SwanModel model = SwanModel.Open(file, new SwanModelOptions { Device = SwanDevice.Cpu });
        using var measurements = new Measurements();
        using var activities = new Activities();
        Assert.Throws<OnnxRuntimeException>(() => model.EmbedImage(TinyImages.Write(_folder.FullName, "a.png", 1)));
        Measured failure = Assert.Single(measurements.Of("swan.failures"));
        Assert.Equal(("encode", "OnnxRuntimeException"), (failure["swan.stage"], failure["error.type"]));
        Assert.Empty(measurements.Of("swan.encode.rows"));
        Activity run = Assert.Single(activities.Of("swan.encode"));
        Assert.Equal((ActivityStatusCode.Error, "OnnxRuntimeException"), (run.Status, run.GetTagItem("error.type")));
        Assert.Equal(0, measurements.Depth("image", "encode"));
    }

    [Fact]
    public void Cancellation_is_no_failure()
    {
        using SwanModel model = Open();
        using var canceled = new CancellationTokenSource();
        using var measurements = new Measurements();
        // Canceled inside the encoder run: its activity has begun.
        using var activities = new Activities(started: _ => canceled.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(
            () => model.EmbedCaptions(["river", "bridge"], batchSize: 1, cancellationToken: canceled.Token));
        Assert.Empty(measurements.Of("swan.failures"));
        Assert.All(activities.Of("swan.encode"), a => Assert.Equal(ActivityStatusCode.Unset, a.Status));
    }

    [Fact]
    public async Task Activities_belong_to_the_callers_and_say_what_was_done()
    {
        using SwanModel model = Open();
        using var generator = new SwanImageEmbeddingGenerator(model, new SwanGeneratorOptions { BatchSize = 2 });
        DataContent[] images = [.. Enumerable.Range(0, 3)
            .Select(i => new DataContent(File.ReadAllBytes(TinyImages.Write(_folder.FullName, $"{i}.png", i)), "image/png"))];
        using var activities = new Activities();
        using Activity request = new Activity("request").Start();
        await generator.GenerateAsync(images);
        request.Stop();
        Assert.Equal([1, 2], activities.Of("swan.decode").Select(a => a.GetTagItem("swan.rows")).Order());
        Activity[] runs = activities.Of("swan.encode");
        Assert.Equal([2, 1], runs.Select(a => a.GetTagItem("swan.rows")));
        Assert.All(runs, a => Assert.Equal(
            ("image", "tiny", "cpu"), (a.GetTagItem("swan.tower"), a.GetTagItem("swan.model"), a.GetTagItem("swan.device"))));
        Assert.All([.. runs, .. activities.Of("swan.decode")], a => Assert.Equal(request.TraceId, a.TraceId));
    }

    [Fact]
    public void The_queue_shows_rows_while_they_are_decoded_and_encoded_and_is_empty_after()
    {
        using SwanModel model = Open();
        string[] paths = [.. Enumerable.Range(0, 3).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i))];
        long decoding = 0, encoding = 0;
        Measurements? measurements = null;
        using var activities = new Activities(started: a =>
        {
            if (a.OperationName == "swan.decode") decoding = measurements!.Depth("image", "decode");
            else encoding = measurements!.Depth("image", "encode");
        });
        using (measurements = new Measurements())
        {
            model.EmbedImages(paths);
            Assert.Equal((3, 3), (decoding, encoding));
            Assert.Equal((0, 0), (measurements.Depth("image", "decode"), measurements.Depth("image", "encode")));
        }
    }

    [Fact]
    public async Task The_queue_shows_requests_that_wait_for_their_turn_and_canceling_one_takes_it_out()
    {
        using SwanModel model = Open();
        using var generator = new SwanCaptionEmbeddingGenerator(model, new SwanGeneratorOptions { Concurrency = 1 });
        using var measurements = new Measurements();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var activities = new Activities(started: _ =>
        {
            entered.Set();
            release.Wait();
        });
        Task<GeneratedEmbeddings<Embedding<float>>> first = generator.GenerateAsync(["river"]);
        await Eventually.True(() => entered.IsSet, "the first request is being encoded");
        using var cancellation = new CancellationTokenSource();
        Task<GeneratedEmbeddings<Embedding<float>>> second = generator.GenerateAsync(["river", "bridge"]),
            third = generator.GenerateAsync(["a", "b", "c"], cancellationToken: cancellation.Token);
        Assert.Equal((5, 1), (measurements.Depth("caption", "wait"), measurements.Depth("caption", "encode")));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.Equal(2, measurements.Depth("caption", "wait"));
        release.Set();
        Assert.Equal((1, 2), ((await first).Count, (await second).Count));
        Assert.Equal((0, 0), (measurements.Depth("caption", "wait"), measurements.Depth("caption", "encode")));
    }

    [Fact]
    public async Task Reloads_and_refused_pipelines_are_counted()
    {
        string path = _folder.File("pipeline.zip");
        TinyPipeline.Replace(path, TinyPipeline.Bytes(_folder, 1));
        using var measurements = new Measurements();
        using var activities = new Activities();
        using var pool = new SwanPredictionEnginePool<TinyPipeline.Query, TinyPipeline.Answer>(TinyPipeline.Options(path));
        TinyPipeline.Replace(path, [1, 2, 3]);
        await Eventually.True(() => pool.LastFault is not null, "the broken file is refused");
        TinyPipeline.Replace(path, TinyPipeline.Bytes(_folder, 2));
        await Eventually.True(() => activities.Of("swan.reload").Length == 2, "the new file is in service");
        Assert.Equal(1, measurements.Sum("swan.pool.reloads"));
        Assert.Equal(("reload", "InvalidDataException"),
            (Assert.Single(measurements.Of("swan.failures"))["swan.stage"], measurements.Of("swan.failures")[0]["error.type"]));
        Assert.Equal([ActivityStatusCode.Error, ActivityStatusCode.Unset], activities.Of("swan.reload").Select(a => a.Status));
    }

    // One thread: a batch would be divided among more.
    private SwanModel Open() =>
        SwanModel.Open(TinyModel.Write(_folder.FullName), new SwanModelOptions { Device = SwanDevice.Cpu, Threads = 1 });
}
