using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Scheduling;

/// <summary>Callers' code that makes or reads images: whatever it waits for, the work must end. A deadlock shows as a test that does not.
/// </summary>
[Collection(nameof(WorkFrameTests))]
public sealed class NestedWorkTests : IDisposable
{
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;
    private readonly string _file;
    private readonly Lazy<Task<RgbImage>> _begun;
    private readonly Lazy<RgbImage> _cache;

    public NestedWorkTests()
    {
        _model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        _file = TinyImages.Write(_folder.FullName, "a.png", 1, 400, 400);
        _begun = new(() => Task.Run(() => ImageDecoder.Decode(_file)));
        _cache = new(() => ImageDecoder.Decode(_file));
        // One of each, and no picture fits beside another.
        (SwanResources.MaxDecodes, SwanResources.MaxReads, SwanResources.MaxPictureBytes) = (1, 1, 1 << 20);
    }

    public static TheoryData<string> Ways => ["the thread pool", "a file", "a file on another thread", "two pictures", "an inner batch",
        "a decoder's own thread", "work that was begun before", "a shared cache", "the next ones ahead"];

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
        _saved.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Callbacks_end_whatever_they_wait_for(string way)
    {
        float[] expected = _model.EmbedImage(_file);
        float[][] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _model.EmbedImages(6, i => Make(way), 3))));
        Assert.All(found, embeddings => Assert.All(embeddings.Chunk(expected.Length), one => TinyModel.Same(expected, one)));
        Assert.Equal((0, 0, 0), (WorkFrame.Process.Decodes.Taken, WorkFrame.Process.Pixels.Taken, WorkFrame.Process.Files.Taken));
    }

    [Fact]
    public void A_stream_that_can_not_be_closed_loses_nothing_of_the_frame()
    {
        float[] expected = _model.EmbedImage(_file);

        float[] found = _model.EmbedImages(12, _ => new Unclosable(File.ReadAllBytes(_file)), batchSize: 4,
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(found.Chunk(expected.Length), one => TinyModel.Same(expected, one));
        Assert.Equal(
            (0, 0, 0), (WorkFrame.Process.Reads.Taken, WorkFrame.Process.Excess.Taken, WorkFrame.Process.Files.Taken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Streams_that_read_images_themselves_end(bool batch)
    {
        float[] expected = _model.EmbedImage(_file);
        float[] found = _model.EmbedImages(12, Open, batchSize: 4, cancellationToken: TestContext.Current.CancellationToken);
        Assert.All(found.Chunk(expected.Length), one => TinyModel.Same(expected, one));
        Assert.Equal((0, 0), (WorkFrame.Process.Reads.Taken, WorkFrame.Process.Excess.Taken));

        Stream Open(int i)
        {
            if (batch) _model.EmbedImages([_file, _file, _file]);
            else ImageDecoder.Decode(_file);
            return File.OpenRead(_file);
        }
    }

    private RgbImage Make(string way)
    {
        switch (way)
        {
            case "the thread pool":
                Task.Run(() => { }).Wait();
                break;
            case "a file on another thread":
                return Task.Run(() => ImageDecoder.Decode(_file)).GetAwaiter().GetResult();
            case "a decoder's own thread":
                RgbImage? made = null;
                var thread = new Thread(() => made = ImageDecoder.Decode(_file));
                using (ExecutionContext.SuppressFlow()) thread.Start();
                thread.Join();
                return made!;
            case "work that was begun before":
                return _begun.Value.GetAwaiter().GetResult();
            case "a shared cache":
                return _cache.Value;
            case "the next ones ahead":
                Task<RgbImage>[] ahead = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => ImageDecoder.Decode(_file)))];
                Task.WaitAll(ahead);
                return ahead[0].Result;
            case "two pictures":
                ImageDecoder.Decode(_file);
                break;
            case "an inner batch":
                _model.EmbedImages([_file, _file]);
                break;
            default:
                break;
        }
        return ImageDecoder.Decode(_file);
    }

    private sealed class Unclosable(byte[] bytes) : MemoryStream(bytes)
    {
        protected override void Dispose(bool disposing) => throw new IOException("the connection is gone");
    }
}
