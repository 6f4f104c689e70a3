using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace Swan.Batch.Tests.Jobs;

public sealed class LittleMemoryTests : IDisposable
{
    private static readonly Dictionary<string, string> LittleMemory = new() { ["DOTNET_GCHeapHardLimit"] = "0x8000000" };
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Images_too_large_for_the_process_are_bad_rows()
    {
        string[] lines = [.. _folder.Draw(1), "large.jpg", "large.tif"];
        using (var gray = new SKBitmap(new SKImageInfo(9200, 9200, SKColorType.Gray8)))
            File.WriteAllBytes(Path.Combine(_folder.Images, lines[1]), gray.Encode(SKEncodedImageFormat.Jpeg, 50).ToArray());
        WriteTiff(Path.Combine(_folder.Images, lines[2]), 7000);

        using BatchProcess job = BatchProcess.Start(LittleMemory, _folder.Job(_folder.List(lines), 5));
        job.Ended().MustBe(BatchExitCode.TooManyBadRows);
        Assert.Equal([lines[0]], (await _folder.RowsAsync()).Where(r => r.Fault is null).Select(r => r.Image));
        Assert.Equal(["TooLarge", "TooLarge"], _folder.BadRows().Select(b => b.Reason));
        Assert.Contains("but this process may use 134,217,728", _folder.BadRows()[0].Message, StringComparison.Ordinal);
    }

    private static void WriteTiff(string path, int side)
    {
        using Tiff tiff = Tiff.Open(path, "w");
        tiff.SetField(TiffTag.IMAGEWIDTH, side);
        tiff.SetField(TiffTag.IMAGELENGTH, side);
        tiff.SetField(TiffTag.BITSPERSAMPLE, 8);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, 3);
        tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.RGB);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        tiff.SetField(TiffTag.COMPRESSION, Compression.ADOBE_DEFLATE);
        tiff.SetField(TiffTag.ROWSPERSTRIP, 16);
        byte[] row = new byte[3 * side];
        for (int y = 0; y < side; y++) tiff.WriteScanline(row, y);
    }
}
