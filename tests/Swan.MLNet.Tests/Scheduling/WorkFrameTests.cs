using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Generators;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Scheduling;

[Collection(nameof(WorkFrameTests))]
public sealed class WorkFrameTests : IDisposable
{
    private const int Eight = 8;
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly string _model;
    private readonly string[] _files;

    public WorkFrameTests()
    {
        _model = TinyModel.Write(_folder.FullName);
        _files = [.. Enumerable.Range(0, 12).Select(i => TinyImages.Write(_folder.FullName, $"{i}.png", i, 150, 150))];
    }

    private static WorkFrame Frame => WorkFrame.Process;

    public void Dispose()
    {
        _folder.Dispose();
        _saved.Dispose();
    }

    [Theory]
    [InlineData(Eight, 0)]
    [InlineData(0, Eight)]
    [InlineData(Eight, Eight)]
    public async Task Cursors_and_generators_decode_no_more_at_a_time_than_allowed(int cursors, int generators)
    {
        SwanResources.MaxDecodes = 2;
        using SwanModel model = SwanModel.Open(_model);
        using var generator = new SwanImageEmbeddingGenerator(model, new SwanGeneratorOptions { Concurrency = Eight });
        DataContent[] request = [.. _files.Select(f => new DataContent(File.ReadAllBytes(f), "image/png"))];
        using var watch = new DecodingWatch();
        watch.Hold();
        Task[] work =
        [
            .. Enumerable.Range(0, cursors).Select(_ => OnItsOwnThread(() => Assert.Equal(_files.Length, Embed(new()).Length))),
            .. Enumerable.Range(0, generators).Select(_ => generator.GenerateAsync(request)),
        ];
        // Each has one thread at least that wants to decode.
        try
        {
            await Eventually.True(
                () => Frame.Decodes.Waiting >= cursors + generators - 2 && watch.Begun >= 2, "all want to decode, and two do");
            Assert.Equal((2, 2), (watch.Active, watch.Begun));
        }
        finally
        {
            watch.Release();
            await Task.WhenAll(work);
        }
        Assert.Equal((2, 0), (watch.Most, watch.Active));
        Assert.Equal((cursors + generators) * _files.Length, watch.Begun);
        await SavedResources.GivenBack();
    }

    [Theory]
    [InlineData(150)]
    [InlineData(400)] // more than there is: alone
    public async Task Pictures_wait_for_memory_before_it_is_allocated(int side)
    {
        (SwanResources.MaxPictureBytes, SwanResources.MaxDecodes) = (1 << 20, 5);
        byte[] file = File.ReadAllBytes(TinyImages.Write(_folder.FullName, "large.png", 1, side, side));
        Task[] work;
        using (Frame.Pixels.Enter(Frame.Pixels.Limit, CancellationToken.None))
        {
            work = [.. Enumerable.Range(0, 5).Select(_ => OnItsOwnThread(() => ImageDecoder.Decode(file, "large")))];
            await Eventually.True(() => Frame.Pixels.Waiting == 5, "all wait for memory");
            Assert.All(work, decoding => Assert.False(decoding.IsCompleted));
        }
        await Task.WhenAll(work);
        await SavedResources.GivenBack();
    }

    [Theory]
    [InlineData("decodes")]
    [InlineData("reads")]
    [InlineData("files")]
    [InlineData("pixels")]
    [InlineData("processors")]
    public async Task What_waits_for_the_frame_ends_at_once_when_it_is_canceled(string what)
    {
        (Permits permits, Permits full) = what switch
        {
            "decodes" => (Frame.Decodes, Frame.Decodes),
            "reads" => (Frame.Reads, Frame.Reads),
            "files" => (Frame.Excess, Frame.Files),
            "processors" => (Frame.Processors, Frame.Processors),
            _ => (Frame.Pixels, Frame.Pixels),
        };
        using Permit all = full.Enter(full.Limit, CancellationToken.None), last = permits.Hold();
        if (permits != full) last.Take(permits.Limit);
        using var cancellation = new CancellationTokenSource();
        var options = new SwanEmbeddingOptions { CancellationToken = cancellation.Token, OnError = SwanOnError.Skip };
        Task pass = OnItsOwnThread(() => Embed(options));
        await Eventually.True(() => permits.Waiting > 0, "the pass waits");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pass);
        all.Dispose();
        last.Dispose();
        await SavedResources.GivenBack();
        Assert.Equal(_files.Length, Embed(new()).Length);
    }

    [Fact]
    public async Task Cursors_that_one_thread_moves_in_turns_share_the_bytes_of_rows()
    {
        const int Megabyte = 1 << 20, Rows = 16;
        SwanResources.MaxPictureBytes = 4 * Rows * Megabyte;
        int pulled = 0, read = 0, most = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => i).Select(Large));
        using SwanEmbeddingTransformer step = _ml.Transforms
            .SwanCaptionEmbedding("Embedding", "Text", _model, new SwanEmbeddingOptions { BatchSize = 512 }).Fit(data);
        IDataView view = step.Transform(data);
        pulled = 0;
        IEnumerator<LargeRow>[] cursors = [.. Enumerable.Range(0, Eight)
            .Select(_ => _ml.Data.CreateEnumerable<LargeRow>(view, reuseRowObject: true).GetEnumerator())];
        while (Array.TrueForAll(cursors, cursor => cursor.MoveNext())) most = Math.Max(most, pulled - (read += Eight));
        Array.ForEach(cursors, cursor => cursor.Dispose());
        Assert.Equal((Eight * 100, Eight * 100), (pulled, read));
        // What they share, and the one row that each takes in any case. Alone, each would hold 16.
        Assert.InRange(most, Rows / 2, Rows + Eight);
        await SavedResources.GivenBack();

        LargeRow Large(int i)
        {
            pulled++;
            return new LargeRow { Text = TinyModel.Sentences[i % 4], Blob = new byte[Megabyte] };
        }
    }

    [Fact]
    public async Task Cursors_that_are_forgotten_give_back_the_bytes_of_their_rows()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new TextRow { Text = TinyModel.Sentences[i % 4] }));
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanCaptionEmbedding("Embedding", "Text", _model).Fit(data);
        Forget(step.Transform(data));
        await Eventually.True(() => SavedResources.Collected() && Frame.Rows.Taken == 0, "forgotten rows are given back");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(IDataView view)
        {
            DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            cursor.MoveNext();
            VBuffer<float> value = default;
            cursor.GetGetter<VBuffer<float>>(view.Schema["Embedding"])(ref value);
            Assert.True(Frame.Rows.Taken > 0);
        }
    }

    [Fact]
    public void A_preview_of_one_row_takes_the_memory_of_a_small_batch()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(_files.Select(f => new TextRow { Text = f }).ToArray());
        long small = Allocated(4), large = Allocated(4096);
        // 4096 prepared images twice over, their rotations and embeddings would be 2.5 MB.
        Assert.InRange(large, 0, small + 200_000);

        long Allocated(int batchSize)
        {
            using SwanEmbeddingTransformer step = _ml.Transforms
                .SwanEmbedding("Embedding", "Text", _model, new() { BatchSize = batchSize, Rotations = 4 }).Fit(data);
            IDataView view = step.Transform(data);
            _ = view.Preview(maxRows: 1); // what is compiled and opened once
            // By all threads: which of them decodes is chance.
            long before = GC.GetTotalAllocatedBytes(precise: true);
            Assert.Single(view.Preview(maxRows: 1).RowView);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    private static Task OnItsOwnThread(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private float[][] Embed(SwanEmbeddingOptions options)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(_files.Select(f => new TextRow { Text = f }).ToArray());
        using SwanEmbeddingTransformer step = _ml.Transforms.SwanEmbedding("Embedding", "Text", _model, options).Fit(data);
        return [.. _ml.Data.CreateEnumerable<EmbeddedRow>(step.Transform(data), reuseRowObject: false).Select(r => r.Embedding)];
    }

    private sealed class LargeRow
    {
        public string Text { get; set; } = "";

        public byte[] Blob { get; set; } = [];

        [VectorType(TinyModel.EmbeddingSize)]
        public float[] Embedding { get; set; } = [];
    }
}
