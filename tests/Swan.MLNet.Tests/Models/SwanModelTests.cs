using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Models;

public sealed class SwanModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_file_is_embedded_as_worked_out_by_hand()
    {
        using SwanModel model = Open();
        string path = TinyImages.Write(_folder.FullName, "a.png", seed: 1);
        TinyModel.Same(TinyModel.ImageEmbedding(ImageDecoder.Decode(path)), model.EmbedImage(path));
    }

    [Theory]
    [InlineData("planes parked beside terminal")]
    [InlineData("river")]
    [InlineData("a zzzunseen bridge")]
    [InlineData(
        "stadium stadium stadium stadium stadium stadium stadium stadium stadium stadium stadium stadium stadium stadium river river")]
    public void A_caption_is_embedded_as_worked_out_by_hand(string caption)
    {
        using SwanModel model = Open();
        TinyModel.Same(TinyModel.CaptionEmbedding(caption), model.EmbedCaption(caption));
    }

    [Fact]
    public void Embeddings_have_length_one()
    {
        using SwanModel model = Open();
        Assert.Equal(1, model.EmbedCaption("green river").Sum(v => v * (double)v), tolerance: 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Many_captions_at_once_keep_their_order(int batchSize)
    {
        using SwanModel model = Open();
        string[] captions = [.. TinyModel.Sentences, "river", "green", "houses bridge", TinyModel.Sentences[0]];
        var reported = new List<int>();
        float[] all = model.EmbedCaptions(captions, batchSize, new Immediate<int>(reported.Add), TestContext.Current.CancellationToken);
        for (int i = 0; i < captions.Length; i++)
            TinyModel.Same(TinyModel.CaptionEmbedding(captions[i]), all.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize));
        Assert.Equal(captions.Length, reported[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void Many_images_at_once_keep_their_order(int batchSize)
    {
        using SwanModel model = Open();
        string[] paths = [.. Enumerable.Range(0, 9).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i, 10 + i, 12))];
        var reported = new List<int>();
        float[] all = model.EmbedImages(paths, batchSize, new Immediate<int>(reported.Add), TestContext.Current.CancellationToken);
        for (int i = 0; i < paths.Length; i++)
        {
            TinyModel.Same(
                TinyModel.ImageEmbedding(ImageDecoder.Decode(paths[i])), all.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize));
        }
        Assert.Equal(paths.Length, reported[^1]);
        Assert.Equal((paths.Length + batchSize - 1) / batchSize, model.ImageEncoder.Session.Batches);
    }

    [Fact]
    public void Files_bytes_streams_and_indexes_give_the_same_embeddings()
    {
        using SwanModel model = Open();
        string[] paths = [.. Enumerable.Range(0, 5).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i, 10 + i, 12))];
        ReadOnlyMemory<byte>[] files = [.. paths.Select(p => (ReadOnlyMemory<byte>)File.ReadAllBytes(p))];
        CancellationToken token = TestContext.Current.CancellationToken;

        float[] expected = model.EmbedImages(paths, batchSize: 2, cancellationToken: token);

        Assert.Equal(expected, model.EmbedImages(files, batchSize: 2, cancellationToken: token));
        Assert.Equal(expected, model.EmbedImages(5, i => File.OpenRead(paths[i]), batchSize: 2, cancellationToken: token));
        Assert.Equal(expected, model.EmbedImages(5, i => ImageDecoder.Decode(paths[i]), batchSize: 2, cancellationToken: token));
        float[] first = model.EmbedImage(paths[0]);
        Assert.Equal(first, model.EmbedImage(files[0]));
        using FileStream stream = File.OpenRead(paths[0]);
        Assert.Equal(first, model.EmbedImage(stream));
        Assert.True(stream.CanRead);
        Assert.Equal(
            model.EmbedCaptions(TinyModel.Sentences, cancellationToken: token),
            model.EmbedCaptions(TinyModel.Sentences.Length, i => TinyModel.Sentences[i], cancellationToken: token));
    }

    [Fact]
    public void Streams_are_disposed_and_one_that_is_no_image_is_named_by_its_index()
    {
        using SwanModel model = Open();
        byte[] good = File.ReadAllBytes(TinyImages.Write(_folder.FullName, "good.png", 1));
        MemoryStream[] streams = [new(good), new([1, 2, 3]), new(good)];

        var e = Assert.Throws<SwanImageException>(
            () => model.EmbedImages(3, i => streams[i], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("image 1", e.ImageName);
        Assert.All(streams, stream => Assert.False(stream.CanRead));
    }

    [Theory]
    [InlineData(1, 3)]    // 6, 7, 7
    [InlineData(2, 4)]    // 5 each: two at once, twice
    [InlineData(16, 16)]  // 1 or 2 each
    public void A_processor_encodes_a_large_batch_a_few_images_at_a_time(int threads, int runs)
    {
        using SwanModel model = SwanModel.Open(
            TinyModel.Write(_folder.FullName), new SwanModelOptions { Device = SwanDevice.Cpu, Threads = threads });
        int bytes = model.Card.Image.ByteCount;
        byte[] pixels = new byte[20 * bytes];
        new Random(0).NextBytes(pixels);
        float[] together = new float[20 * model.EmbeddingSize], alone = new float[model.EmbeddingSize];
        model.ImageEncoder.Encode(pixels, 20, together, TestContext.Current.CancellationToken);
        Assert.Equal((runs, 20), (model.ImageEncoder.Session.Runs, model.ImageEncoder.Session.Rows));
        for (int i = 0; i < 20; i++)
        {
            model.ImageEncoder.Encode(pixels.AsSpan(i * bytes, bytes), 1, alone, TestContext.Current.CancellationToken);
            TinyModel.Same(alone, together.AsSpan(i * model.EmbeddingSize, model.EmbeddingSize));
        }
    }

    [Fact]
    public void Nothing_in_gives_nothing_out()
    {
        using SwanModel model = Open();
        Assert.Empty(model.EmbedImages(Array.Empty<string>(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(model.EmbedCaptions([], cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_unreadable_image_among_many_is_named()
    {
        using SwanModel model = Open();
        string good = TinyImages.Write(_folder.FullName, "good.png", 1), bad = _folder.File("bad.png");
        File.WriteAllText(bad, "not an image");
        SwanImageException e = Assert.Throws<SwanImageException>(
            () => model.EmbedImages([good, bad, good], batchSize: 2, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("bad.png", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Canceling_ends_a_long_run_with_the_exception_that_callers_expect()
    {
        using SwanModel model = Open();
        using var source = new CancellationTokenSource();
        var cancelAfterFirst = new Immediate<int>(_ => source.Cancel());
        string[] captions = TinyModel.DifferentCaptions(1000);
        Assert.ThrowsAny<OperationCanceledException>(() => model.EmbedCaptions(captions, 10, cancelAfterFirst, source.Token));
        string image = TinyImages.Write(_folder.FullName, "a.png", 1);
        Assert.ThrowsAny<OperationCanceledException>(() => model.EmbedImages([image], cancellationToken: source.Token));
    }

    [Fact]
    public void One_model_serves_many_threads_at_once()
    {
        using SwanModel model = Open();
        Parallel.For(0, 200,
            i => TinyModel.Same(TinyModel.CaptionEmbedding(TinyModel.Sentences[i % 4]), model.EmbedCaption(TinyModel.Sentences[i % 4])));
        Assert.Equal(200, model.CaptionEncoder.Session.Rows);
    }

    [Fact]
    public void Token_ids_that_the_vocabulary_does_not_have_are_refused_before_the_encoder_runs()
    {
        using SwanModel model = Open();
        float[] room = new float[TinyModel.EmbeddingSize];
        Assert.Contains("id 9999", Assert.Throws<ArgumentException>(() => model.CaptionEncoder.Encode(
            [new TokenizedCaption([1, 9999], false)], room, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => model.CaptionEncoder.Encode([new TokenizedCaption([], false)], room, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(
            () => model.CaptionEncoder.Encode([new TokenizedCaption([1], false)], new float[2], TestContext.Current.CancellationToken));
        Assert.Equal(0, model.CaptionEncoder.Session.Runs);
    }

    [Fact]
    public void Pixels_of_another_size_are_refused()
    {
        using SwanModel model = Open();
        ArgumentException e = Assert.Throws<ArgumentException>(
            () => model.ImageEncoder.Encode(new byte[100], 1, new float[6], TestContext.Current.CancellationToken));
        Assert.Contains("Expected 192 bytes for 1 image of 8×8; got 100", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_device_taken_is_told()
    {
        using SwanModel cpu = SwanModel.Open(
            TinyModel.Write(_folder.FullName), new SwanModelOptions { Device = SwanDevice.Cpu, Threads = 1 });
        Assert.Equal("cpu, 1 thread: as requested", cpu.DeviceReport);
        using SwanModel auto = Open();
        Assert.NotEmpty(auto.DeviceReport);
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_an_error_and_never_a_silent_CPU_run()
    {
        Assert.SkipWhen(Microsoft.ML.OnnxRuntime.OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"),
            "this ONNX Runtime has CUDA");
        string path = TinyModel.Write(_folder.FullName);
        string message =
            Assert.Throws<SwanDeviceException>(() => SwanModel.Open(path, new SwanModelOptions { Device = SwanDevice.Cuda(0) })).Message;
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_model_throws_ObjectDisposedException()
    {
        SwanModel model = Open();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.EmbedCaption("river"));
        model.Dispose();
    }

    [Fact]
    public async Task Disposing_lets_running_calls_finish()
    {
        for (int round = 0; round < 20; round++)
        {
            SwanModel model = Open();
            // More images than one run takes on a CPU of up to 16 processors.
            const int Images = 17;
            byte[] pixels = new byte[Images * model.Card.Image.ByteCount];
            new Random(round).NextBytes(pixels);
            float[] expected = Encoded(model);
            using var begun = new CountdownEvent(4);
            Task[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
            {
                begun.Signal();
                try
                {
                    while (true) Assert.Equal(expected, Encoded(model));
                }
                catch (ObjectDisposedException)
                {
                    // The one end of it: freed memory would give other values, or end the process.
                }
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            begun.Wait(TestContext.Current.CancellationToken);
            model.Dispose();
            await Task.WhenAll(callers);

            float[] Encoded(SwanModel from)
            {
                float[] embeddings = new float[Images * from.EmbeddingSize];
                try
                {
                    from.ImageEncoder.Encode(pixels, Images, embeddings);
                }
                catch (ObjectDisposedException)
                {
                    Assert.All(embeddings, v => Assert.Equal(0, v)); // refused as a whole
                    throw;
                }
                return embeddings;
            }
        }
    }

    private SwanModel Open() => SwanModel.Open(TinyModel.Write(_folder.FullName));
}
