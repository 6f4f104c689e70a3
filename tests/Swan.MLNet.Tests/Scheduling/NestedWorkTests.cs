using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Scheduling;

/// <summary>Callers' code within a turn: whatever it waits for, the work must end. A deadlock shows as a test that does not.</summary>
[Collection(nameof(WorkFrameTests))]
public sealed class NestedWorkTests : IDisposable
{
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;
    private readonly string _file;

    public NestedWorkTests()
    {
        _model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        _file = TinyImages.Write(_folder.FullName, "a.png", 1, 400, 400);
        // One of each, and no picture fits beside another.
        (SwanResources.MaxDecodes, SwanResources.MaxReads, SwanResources.MaxPictureBytes) = (1, 1, 1 << 20);
    }

    public static TheoryData<string> Ways => ["the thread pool", "a file", "a file on another thread", "two pictures", "an inner batch"];

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
        _saved.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Callbacks_within_a_turn_end_whatever_they_wait_for(string way)
    {
        float[] expected = _model.EmbedImage(_file);
        float[][] found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _model.EmbedImages(6, i => Make(way), 3))));
        Assert.All(found, embeddings => Assert.All(embeddings.Chunk(expected.Length), one => TinyModel.Same(expected, one)));
        Assert.Equal((0, 0, 0), (WorkFrame.Process.Decodes.Taken, WorkFrame.Process.Pixels.Taken, WorkFrame.Process.Files.Taken));
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
}
