using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;
using Swan.MLNet.Transforms;

namespace Swan.MLNet.Tests.Scheduling;

[Collection(nameof(WorkFrameTests))]
public sealed class BufferPoolTests : IDisposable
{
    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public BufferPoolTests() => _model = TinyModel.Write(_folder.FullName);

    private static BufferPool Buffers => WorkFrame.Process.Buffers;

    public void Dispose()
    {
        BufferPool.Poisons = false;
        _folder.Dispose();
        _saved.Dispose();
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 4608)]
    [InlineData(8192, 8192)]
    [InlineData(400_000_000, 402_653_184)]
    [InlineData(int.MaxValue, 1L << 31)]
    public void A_buffer_takes_an_eighth_more_at_most(long length, long size) => Assert.Equal(size, BufferPool.SizeOf(length));

    [Fact]
    public unsafe void Buffers_are_used_again_within_the_room_there_is()
    {
        long room = 20_000;
        var pool = new BufferPool(() => room);
        PooledBuffer first = pool.Rent(5000), second = pool.Rent(5000), large = pool.Rent(30_000);
        nint address = (nint)second.Start;
        first.Dispose();
        second.Dispose();
        second.Dispose();
        large.Dispose();
        Assert.Equal(2 * BufferPool.SizeOf(5000), pool.Kept);
        using (PooledBuffer again = pool.Rent(4900)) Assert.Equal((address, 4900), ((nint)again.Start, again.Memory.Length));
        pool.Rent(16_000).Dispose();
        Assert.Equal(16_384, pool.Kept); // what was not asked for the longest is gone
        room = 0;
        pool.Rent(100).Dispose();
        Assert.Equal(0, pool.Kept);
    }

    [Fact]
    public void Bytes_that_were_given_back_are_refused()
    {
        PooledBuffer buffer = Buffers.Rent(10);
        ReadOnlyMemory<byte> bytes = buffer.Memory;
        Assert.Equal(10, bytes.Span.Length);
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => bytes.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Fact]
    public async Task Embeddings_are_the_same_where_returned_buffers_are_overwritten()
    {
        string[] files = [.. Enumerable.Range(0, 40).Select(i => Write(i, 60 + 37 * i % 400, 50 + 53 * i % 300))];
        float[][] expected = [.. files.Select(file => TinyModel.ImageEmbedding(ImageDecoder.Decode(file)))];
        BufferPool.Poisons = true;
        SwanResources.MaxPictureBytes = 8 << 20;
        using SwanModel model = SwanModel.Open(_model);
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 3).Select(turn => Task.Run(() => Same(Pipeline(files, 1 + 6 * turn)))),
            Task.Run(() => Same(model.EmbedImages(files, batchSize: 7))),
            Task.Run(() => Same(model.EmbedImages(files.Length, i => (Stream)File.OpenRead(files[i]), batchSize: 5))),
            Task.Run(() => Same(model.EmbedImages(files.Length, i => ImageDecoder.Decode(files[i]), batchSize: 5))),
            Task.Run(() => Same([.. files.SelectMany(file => model.EmbedImage(File.ReadAllBytes(file)))])),
        ]);

        void Same(float[] found) => Assert.All(
            expected, (e, i) => TinyModel.Same(e, found.AsSpan(i * TinyModel.EmbeddingSize, TinyModel.EmbeddingSize)));
    }

    [Fact]
    public async Task Many_large_pictures_at_a_time_stay_within_the_bytes_of_the_frame()
    {
        const long Bytes = 16 << 20;
        string[] files = [.. Enumerable.Range(0, 6).Select(i => Write(i, 900, 1000))];
        (SwanResources.MaxPictureBytes, SwanResources.MaxDecodes) = (Bytes, 16);
        using SwanModel model = SwanModel.Open(_model);
        long before = Buffers.Highest = Buffers.Kept;
        Assert.InRange(before, 0, Bytes / 8);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Factory.StartNew(
            () => model.EmbedImage(files[i % files.Length]), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        // A half for pixels, a quarter for files, and one file beyond it, which is less than the quarter for rows.
        Assert.InRange(Buffers.Highest, Bytes / 8, Bytes);
        Assert.Equal((0L, 0L), (WorkFrame.Process.Pixels.Taken, WorkFrame.Process.Files.Taken));
        Assert.InRange(Buffers.Kept, 0, Bytes / 8);
    }

    private float[] Pipeline(string[] files, int batchSize)
    {
        var ml = new MLContext(1);
        IDataView rows = ml.Data.LoadFromEnumerable(files.Select(file => new TextRow { Text = file }).ToArray());
        using SwanEmbeddingTransformer fitted =
            ml.Transforms.SwanEmbedding("Embedding", "Text", _model, new() { BatchSize = batchSize }).Fit(rows);
        return [.. fitted.Transform(rows).GetColumn<float[]>("Embedding").SelectMany(e => e)];
    }

    // All formats, JPEGs and PNGs in all orientations.
    private string Write(int i, int width, int height)
    {
        byte[] rgba = ImageFiles.Noise(width, height, seed: i), rgb = new byte[width * height * 3];
        PixelPacking.ToRgb(rgba, rgb, red: 0);
        int orientation = 1 + i / 6 % 8;
        byte[] file = (i % 6) switch
        {
            0 => ImageFiles.JpegWithOrientation(ImageFiles.Skia(rgba, width, height, SKEncodedImageFormat.Jpeg, 80), orientation),
            1 => ImageFiles.PngWithChunk(
                ImageFiles.Skia(rgba, width, height, SKEncodedImageFormat.Png), "eXIf", ImageFiles.Exif(orientation)),
            2 => ImageFiles.Skia(rgba, width, height, SKEncodedImageFormat.Webp, 80),
            3 => ImageFiles.Bmp(rgb, width, height),
            4 => ImageFiles.Tiff(width, height, 8, 3, Photometric.RGB, rgb),
            _ => ImageFiles.Skia(rgba, width, height, SKEncodedImageFormat.Jpeg, 60),
        };
        string path = _folder.File($"{i}.image");
        File.WriteAllBytes(path, file);
        return path;
    }
}
