using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Scheduling;

[Collection(nameof(WorkFrameTests))]
public sealed class ReadingAheadTests : IDisposable
{
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;
    private readonly byte[] _file;
    private readonly float[] _expected;

    public ReadingAheadTests()
    {
        _model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        string path = TinyImages.Write(_folder.FullName, "a.png", 1, 200, 200); // 120 KB of noise
        _file = File.ReadAllBytes(path);
        _expected = _model.EmbedImage(path);
    }

    private static WorkFrame Frame => WorkFrame.Process;

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
        _saved.Dispose();
    }

    [Fact]
    public void More_files_are_read_at_a_time_than_images_are_decoded()
    {
        (SwanResources.MaxDecodes, SwanResources.MaxReads) = (2, 6);
        int reading = 0, most = 0;
        using var together = new ManualResetEventSlim();
        // Slow storage: the first answer comes when six are asked for.
        float[] found = _model.EmbedImages(24, Open, batchSize: 24, cancellationToken: TestContext.Current.CancellationToken);
        Same(found, 24);
        Assert.Equal(6, most);

        Stream Open(int i)
        {
            int now = Interlocked.Increment(ref reading);
            lock (together) most = Math.Max(most, now);
            if (now == 6) together.Set();
            together.Wait();
            return new Watched(new MemoryStream(_file), () => Interlocked.Decrement(ref reading));
        }
    }

    [Fact]
    public async Task A_batch_holds_no_more_files_than_may_be_read()
    {
        (SwanResources.MaxDecodes, SwanResources.MaxReads) = (2, 4);
        int opened = 0;
        Task<float[]> work;
        using (Permit all = Frame.Decodes.Enter(2, CancellationToken.None))
        {
            work = Task.Run(() => _model.EmbedImages(64, Open, batchSize: 64));
            await Eventually.True(() => Frame.Decodes.Waiting > 0 && opened >= 5, "one is taken, and four are ahead of it");
            // Two workers have one each.
            Assert.InRange(opened, 5, 6);
        }
        Same(await work, 64);
        Assert.Equal(64, opened);

        Stream Open(int i)
        {
            Interlocked.Increment(ref opened);
            return new MemoryStream(_file);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_beyond_their_bytes_come_in_one_at_a_time(bool seekable)
    {
        // A quarter, 262,144 bytes, is for files.
        (SwanResources.MaxDecodes, SwanResources.MaxReads, SwanResources.MaxPictureBytes) = (4, 8, 1 << 20);
        using Permit all = Frame.Files.Enter(Frame.Files.Limit, CancellationToken.None);
        using Permit turns = Frame.Decodes.Enter(4, CancellationToken.None);
        Task<float[]> work = Task.Run(() => _model.EmbedImages(20, Open, batchSize: 20));
        await Eventually.True(() => Frame.Decodes.Waiting == 1 && Frame.Excess.Taken == 1, "one is read beyond the budget");
        Assert.InRange(Frame.Files.Taken, Frame.Files.Limit + _file.Length, Frame.Files.Limit + 2 * _file.Length);
        turns.Dispose();
        Same(await work, 20);
        await Eventually.True(() => (Frame.Files.Taken, Frame.Excess.Taken) == (Frame.Files.Limit, 0), "all files are given back");

        Stream Open(int i) => seekable ? new MemoryStream(_file) : new Watched(new MemoryStream(_file), () => { });
    }

    [Fact]
    public async Task A_stream_that_fails_or_is_abandoned_is_closed_and_gives_its_bytes_back()
    {
        SwanResources.MaxReads = 8;
        int open = 0;
        for (int round = 0; round < 20; round++)
        {
            using var cancellation = new CancellationTokenSource();
            int failing = round;
            Exception? e = Record.Exception(() => _model.EmbedImages(40, Open, batchSize: 16, cancellationToken: cancellation.Token));
            Assert.True(round % 2 == 0 ? e is OperationCanceledException : e is IOException { Message: "the store is gone" });

            Stream Open(int i)
            {
                if (i == failing && round % 2 == 0) cancellation.Cancel();
                if (i == failing && round % 2 == 1) throw new IOException("the store is gone");
                Interlocked.Increment(ref open);
                return new Watched(new MemoryStream(_file), () => Interlocked.Decrement(ref open));
            }
        }
        await Eventually.True(() => open == 0, "all streams are closed");
        await Eventually.True(
            () => (Frame.Files.Taken, Frame.Excess.Taken, Frame.Reads.Taken, Frame.Decodes.Taken, Frame.Pixels.Taken) == (0, 0, 0, 0, 0),
            "nothing is taken");
    }

    private void Same(float[] found, int count)
    {
        Assert.Equal(count * _expected.Length, found.Length);
        Assert.All(found.Chunk(_expected.Length), one => TinyModel.Same(_expected, one));
    }

    /// <summary>A stream without a length that says when it is closed.</summary>
    private sealed class Watched(Stream inner, Action closed) : Stream
    {
        private int _closed;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0) closed();
            base.Dispose(disposing);
        }
    }
}
