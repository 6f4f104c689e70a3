using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Search;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Scheduling;

[Collection(nameof(WorkFrameTests))]
public sealed class ProcessorsTests : IDisposable
{
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ProcessorsTests() => _model = TinyModel.Write(_folder.FullName);

    private static WorkFrame Frame => WorkFrame.Process;

    public void Dispose()
    {
        _folder.Dispose();
        _saved.Dispose();
    }

    [Theory]
    [InlineData(2, 3, 3)]
    [InlineData(4, 1, 4)]
    public void There_are_as_many_as_the_larger_of_both_settings(int decodes, int threads, int processors)
    {
        (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (decodes, threads);
        Assert.Equal(processors, Frame.Processors.Limit);
    }

    [Theory]
    [InlineData(0, 3, 0, 5)] // as many as the process may use
    [InlineData(1, 1, 0, 7)]
    [InlineData(2, 2, 0, 6)]
    [InlineData(9, 3, 5, 0)] // all callers; the process's threads bound them
    public async Task As_many_runs_of_a_model_ask_for_processors_as_it_has_threads(int threads, int asking, int inProcess, int inModel)
    {
        (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (1, 3);
        using SwanModel model = Open(threads);
        Task[] calls;
        using (Frame.Processors.Enter(Frame.Processors.Limit, CancellationToken.None))
        {
            calls = [.. Enumerable.Range(0, 8).Select(_ => OnItsOwnThread(() => model.EmbedCaptions(TinyModel.Sentences)))];
            await Eventually.True(
                () => (Frame.Processors.Waiting, Frame.Encoders.Waiting, model.CaptionEncoder.Session.Turns.Waiting)
                    == (asking, inProcess, inModel),
                "runs that have a turn wait for a processor, the others for a turn");
            Assert.Equal(0, model.CaptionEncoder.Session.Runs);
        }
        await Task.WhenAll(calls);
        Assert.Equal(8, model.CaptionEncoder.Session.Runs);
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task Runs_of_all_models_together_take_no_more_threads_than_the_process()
    {
        (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (8, 3);
        using SwanModel first = Open(threads: 3), second = Open(threads: 3);
        Task[] calls;
        using (Frame.Processors.Enter(Frame.Processors.Limit, CancellationToken.None))
        {
            calls =
            [
                .. Enumerable.Range(0, 6).Select(i => OnItsOwnThread(
                    () => (i % 2 == 0 ? first : second).EmbedCaptions(TinyModel.Sentences))),
            ];
            await Eventually.True(
                () => (Frame.Processors.Waiting, Frame.Encoders.Waiting) == (3, 3), "three have a thread, and three wait for one");
        }
        await Task.WhenAll(calls);
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task One_query_waits_for_other_runs_but_not_for_decodes()
    {
        (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (2, 2);
        using SwanModel model = Open(threads: 0);
        using (Frame.Processors.Enter(2, CancellationToken.None))
            TinyModel.Same(TinyModel.CaptionEmbedding("river"), model.EmbedCaption("river"));

        Task query;
        using (Frame.Encoders.Enter(2, CancellationToken.None))
        {
            query = OnItsOwnThread(() => model.EmbedCaption("river"));
            await Eventually.True(() => Frame.Encoders.Waiting == 1, "it waits for a thread of the encoders");
        }
        await query;
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task A_search_for_one_query_waits_for_no_processor_but_many_do()
    {
        (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (2, 2);
        float[] rows = new float[40_000 * 16];
        for (int i = 0; i < rows.Length; i++) rows[i] = MathF.Sin(i);
        SwanIndex index = SwanIndex.Build(rows, 16, cancellationToken: TestContext.Current.CancellationToken);
        Task many;
        using (Frame.Processors.Enter(2, CancellationToken.None))
        {
            Assert.Single(index.Search(rows.AsSpan(0, 16), 1));
            many = OnItsOwnThread(() => index.SearchMany(rows.AsSpan(0, 32), 1));
            await Eventually.True(() => Frame.Processors.Waiting == 1, "a batch waits for a processor, as a batch of images does");
        }
        await many;
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task Who_waits_for_memory_to_decode_leaves_the_processor_to_encoders()
    {
        (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (2, 2);
        using SwanModel model = SwanModel.Open(_model);
        byte[] file = File.ReadAllBytes(TinyImages.Write(_folder.FullName, "a.png", 1, 150, 150));
        Task[] decodes;
        using (Frame.Pixels.Enter(Frame.Pixels.Limit, CancellationToken.None))
        {
            decodes = [.. Enumerable.Range(0, 2).Select(_ => OnItsOwnThread(() => ImageDecoder.Decode(file, "a")))];
            await Eventually.True(() => Frame.Pixels.Waiting == 2, "both wait for memory");
            Assert.Equal(0, Frame.Processors.Taken);
            TinyModel.Same(TinyModel.CaptionEmbedding("river"), model.EmbedCaption("river"));
        }
        await Task.WhenAll(decodes);
        await SavedResources.GivenBack();
    }

    [Fact]
    public void One_run_takes_all_threads_where_spinning_is_allowed()
    {
        using SwanModel spins = SwanModel.Open(
            _model, new SwanModelOptions { Device = SwanDevice.Cpu, Threads = 3, AllowSpinning = true });
        using SwanModel shares = SwanModel.Open(_model, new SwanModelOptions { Device = SwanDevice.Cpu, Threads = 3 });
        Assert.Equal((1, 3), (spins.ImageEncoder.Session.Device.RunsAtOnce, spins.ImageEncoder.Session.Device.ThreadsPerRun));
        Assert.Equal((3, 1), (shares.ImageEncoder.Session.Device.RunsAtOnce, shares.ImageEncoder.Session.Device.ThreadsPerRun));
        TinyModel.Same(shares.EmbedCaption("river"), spins.EmbedCaption("river"));
    }

    [Theory]
    [InlineData(3, true, 1024)]
    [InlineData(16, true, 2048)]
    [InlineData(16, false, 1024)]
    public void Tokens_of_a_run_grow_with_the_threads_that_share_it(int threads, bool spins, int tokens)
    {
        using SwanModel model = SwanModel.Open(
            _model, new SwanModelOptions { Device = SwanDevice.Cpu, Threads = threads, AllowSpinning = spins });
        Assert.Equal(tokens, model.CaptionEncoder.Session.Device.TokensPerRun);
    }

    private SwanModel Open(int threads) => SwanModel.Open(_model, new SwanModelOptions { Device = SwanDevice.Cpu, Threads = threads });

    private static Task OnItsOwnThread(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
