using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.Training.DataLoading;

namespace Swan.Training.Tests.DataLoading;

public sealed class PixelCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CaptionedImageSet _set;

    public PixelCacheTests() => (_set, _) = TinyData.Open(_folder.File("data"), train: 5, validation: 1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1L << 30, true)]
    [InlineData(100, false)]
    public void Images_are_what_preprocessing_makes_of_them_in_memory_and_in_a_file(long memoryLimit, bool inMemory)
    {
        using PixelCache cache = PixelCache.Build(
            _set.Images, 48, memoryLimit, threads: 2, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((5, 48, inMemory), (cache.Count, cache.Size, cache.InMemory));
        var all = new List<byte>();
        for (int i = 0; i < cache.Count; i++)
        {
            var expected = new byte[48 * 48 * 3];
            ImagePreprocessor.Prepare(ImageDecoder.Decode(_set.Images[i].ImagePath), new ImagePreprocessing { Size = 48 }, expected);
            Assert.Equal(expected, cache[i].ToArray());
            all.AddRange(expected);
        }

        Assert.Equal(all[(2 * cache.BytesPerImage)..], cache.Range(2, 3).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => cache[5].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Range(3, 3).Length);
    }

    [Fact]
    public void A_killed_process_leaves_no_pixels_behind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there the system deletes the file when the process ends");
        string folder = Directory.CreateDirectory(_folder.File("pixels")).FullName;
        using PixelCache cache = PixelCache.Build(
            _set.Images, 48, memoryLimit: 0, folder: folder, cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(cache.InMemory);
        Assert.Empty(Directory.GetFiles(folder));
        Assert.NotEqual(0, cache[0].ToArray().Sum(p => (int)p));
    }

    [Fact]
    public void All_images_that_cannot_be_read_are_named_at_once()
    {
        File.WriteAllText(_set.Images[1].ImagePath, "no image");
        File.Delete(_set.Images[3].ImagePath);
        var e = Assert.Throws<SwanDataException>(
            () => PixelCache.Build(_set.Images, 48, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal([_set.Images[1].ImagePath, _set.Images[3].ImagePath], e.Faults.Select(f => f.File));
    }

    [Fact]
    public void Building_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => PixelCache.Build(_set.Images, 48, cancellationToken: stop.Token));
    }

    [Fact]
    public void A_disposed_cache_refuses_instead_of_reading_freed_memory()
    {
        PixelCache cache = PixelCache.Build(_set.Images, 48, cancellationToken: TestContext.Current.CancellationToken);
        cache.Dispose();
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cache[0].Length);
        Assert.Throws<ObjectDisposedException>(() => cache.Range(0, 1).Length);
    }
}
