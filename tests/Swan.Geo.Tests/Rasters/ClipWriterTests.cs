using System.Text.Json.Nodes;
using Swan.Geo.Rasters;
using Swan.Geo.Tests.Scenes;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Rasters;

/// <summary>Clips, against those that gdal_translate makes of files that GDAL wrote.</summary>
public sealed class ClipWriterTests : IDisposable
{
    private static readonly PixelWindow s_window = new(37, 21, 300, 270);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Sources => new()
    {
        "-ot Byte -b 1 -b 2 -b 3 -co TILED=YES -co COMPRESS=LZW",
        "-ot Byte -b 1 -b 2 -b 3 -co PHOTOMETRIC=YCBCR -co COMPRESS=JPEG -co TILED=YES",
        "-ot Byte -b 1 -b 2 -b 3 -b 1 -co ALPHA=YES",
        "-ot UInt16 -b 1 -b 2 -b 3 -b 1 -b 2 -a_nodata 0 -co INTERLEAVE=BAND",
        "-ot Int16 -b 1 -a_nodata -32768 -co ENDIANNESS=BIG",
        "-ot Float32 -b 2 -a_nodata nan -co COMPRESS=DEFLATE -co PREDICTOR=3",
        "-ot Float64 -b 2 -co COMPRESS=ZSTD",
        "-ot Byte -b 1 -co NBITS=1",
        "-ot UInt16 -b 1 -b 3 -co NBITS=12",
        "-ot Byte -b 1 -co PHOTOMETRIC=MINISWHITE",
        "-ot Byte -b 1 -mo SENSOR=A -mo LEVEL=2",
        "-ot Byte -b 1 -b 2 -b 3 -a_srs EPSG:4326 -a_ullr 10 50 11 49 -co BIGTIFF=YES",
    };

    [Theory, MemberData(nameof(Sources))]
    public void A_clip_is_the_one_that_GDAL_makes(string options)
    {
        string scene = Scene(), source = _folder.File("source.tif"), clip = _folder.File("clip.tif"), theirs = _folder.File("theirs.tif");
        GdalProgram.Run("gdal_translate", ["-q", "-stats", .. options.Split(' '), scene, source]);
        GdalProgram.Run("gdal_translate", "-q", "-srcwin", "37", "21", "300", "270", source, theirs);
        using TiffFile file = TiffFile.Open(File.OpenRead(source), source);

        ClipWriter.Write(file, s_window, clip);

        // GDAL makes RGB of YCbCr in JPEG with another decoder.
        byte[] expected = GdalProgram.Samples(theirs), actual = GdalProgram.Samples(clip);
        int tolerance = options.Contains("YCBCR", StringComparison.Ordinal) ? 3 : 0;
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Zip(actual).Max(p => Math.Abs(p.First - p.Second)) <= tolerance);
        JsonNode want = GdalProgram.Info(theirs), have = GdalProgram.Info(clip);
        Assert.Equal(want["coordinateSystem"]!["wkt"]!.ToJsonString(), have["coordinateSystem"]!["wkt"]!.ToJsonString());
        Assert.All(GdalProgram.Transform(theirs).Zip(GdalProgram.Transform(clip)), p => Assert.Equal(p.First, p.Second, 1e-9));
        Assert.Equal(Told(want), Told(have));
        Assert.Equal(want["metadata"]![""]!.ToJsonString(), have["metadata"]![""]!.ToJsonString());
    }

    [Theory]
    [InlineData("-b 1 -b 2 -b 3 -mask 4")]
    [InlineData("-b 1 -mask 4 -co TILED=YES -co BIGTIFF=YES")]
    [InlineData("-b 1 -b 2 -b 3 -mask 4 -co PHOTOMETRIC=YCBCR -co COMPRESS=JPEG -co TILED=YES")]
    [InlineData("-b 1 -b 2 -b 3 -mask 4 -a_nodata 40")]
    [InlineData("-b 1 -b 2 -b 3 -b 4 -co ALPHA=YES")]
    [InlineData("-b 1 -b 2 -b 3 -a_nodata 40")]
    [InlineData("-b 1 -b 2 -b 3")]
    public void A_clip_has_the_valid_pixels_that_GDAL_sees_in_the_scene(string options)
    {
        string drawn = _folder.File("drawn.tif"), source = _folder.File("source.tif"), clip = _folder.File("clip.tif");
        DrawnScene.Write(drawn, new RasterFormat(400, 320, 4, TiffSampleType.Byte) { ExtraSamples = [0] },
            (x, y, band) => band == 3 ? (x - 200) * (x - 200) + (y - 160) * (y - 160) < 15_000 ? 255 : 0 : x / 90 * 40);
        GdalProgram.Run("gdal_translate", ["-q", "--config", "GDAL_TIFF_INTERNAL_MASK", "YES", .. options.Split(' '), drawn, source]);
        using TiffFile file = TiffFile.Open(File.OpenRead(source), source);

        ClipWriter.Write(file, s_window, clip);

        Assert.Equal(MaskOf(source, "-srcwin", "37", "21", "300", "270"), MaskOf(clip));
        string? Mask(string path) => GdalProgram.Info(path)["bands"]![0]!["mask"]?.ToJsonString();
        Assert.Equal(Mask(source), Mask(clip));
        Assert.Equal(file.Mask is null, !options.Contains("-mask", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(8), InlineData(4)]
    public void A_palette_goes_with_the_clip(int bits)
    {
        string source = _folder.File("source.tif"), clip = _folder.File("clip.tif");
        ushort[] map = [.. Enumerable.Range(0, 3 << bits).Select(i => (ushort)(i * 37 % 256 * 257))];
        using (FileStream stream = File.Create(source))
        {
            var writer = new GeoTiffWriter(stream, new(40, 30, 1, TiffSampleType.Byte)
            {
                Bits = bits, Photometric = RasterFormat.Palette, ColorMap = map,
            });
            writer.Write(0, 0, 40, 30, [.. Enumerable.Range(0, 1200).Select(i => (byte)(i % (1 << bits)))]);
            writer.Complete();
        }

        using TiffFile file = TiffFile.Open(File.OpenRead(source), source);
        ClipWriter.Write(file, new(3, 4, 20, 20), clip);

        foreach (string path in (string[])[source, clip])
        {
            JsonArray entries = GdalProgram.Info(path)["bands"]![0]!["colorTable"]!["entries"]!.AsArray();
            Assert.Equal(map.Select(v => v / 257), from color in Enumerable.Range(0, 3)
                                                   from entry in entries
                                                   select entry![color]!.GetValue<int>());
        }
    }

    [Fact]
    public void A_wide_window_is_copied_in_blocks()
    {
        byte[] scene = new WrittenTiff(9000, 3, 1, 8, (x, y, _) => (x * 7 + y) % 251) { NoData = "3" }.Write();
        string clip = _folder.File("clip.tif");
        using TiffFile file = TiffFile.Open(scene, "scene.tif");

        ClipWriter.Write(file, new(5, 1, 8990, 2), clip);

        using TiffFile copy = TiffFile.Open(File.OpenRead(clip), clip);
        Assert.Equal(file.Image.Read(new(5, 1, 8990, 2), [0]).Samples, copy.Image.Read(new(0, 0, 8990, 2), [0]).Samples);
        Assert.Equal(3, copy.NoData);
    }

    [Fact]
    public void A_scene_without_a_georeference_gives_clips_without_one()
    {
        byte[] scene = new WrittenTiff(20, 20, 2, 16, (x, y, b) => x * y + b) { Photometric = 1 }.Write();
        using TiffFile file = TiffFile.Open(scene, "scene.tif");
        string clip = _folder.File("clip.tif");

        ClipWriter.Write(file, new(3, 4, 5, 6), clip);

        using TiffFile copy = TiffFile.Open(File.OpenRead(clip), clip);
        Assert.Equal(new GeoTags(null, null, null, null, null, null), GeoTags.Read(copy.Directory));
        Assert.Equal(file.Image.Read(new(3, 4, 5, 6), [0, 1]).Samples, copy.Image.Read(new(0, 0, 5, 6), [0, 1]).Samples);
    }

    [Fact]
    public void A_window_beyond_the_scene_is_refused()
    {
        using TiffFile file = TiffFile.Open(new WrittenTiff(20, 20, 1, 8, (_, _, _) => 0).Write(), "scene.tif");

        Assert.Throws<ArgumentOutOfRangeException>(() => ClipWriter.Write(file, new(16, 0, 5, 5), _folder.File("clip.tif")));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.FullName));
    }

    private byte[] MaskOf(string path, params string[] options)
    {
        string raw = _folder.File("mask.raw");
        GdalProgram.Run("gdal_translate", ["-q", "-of", "ENVI", "-b", "mask", .. options, path, raw]);
        return File.ReadAllBytes(raw);
    }

    // Everything that is told of bands, but how they are stored, and statistics.
    private static string[] Told(JsonNode info) =>
    [
        .. info["bands"]!.AsArray().Select(b => string.Join(' ', b!["type"], b["colorInterpretation"], b["noDataValue"],
            b["metadata"]?["IMAGE_STRUCTURE"]?["NBITS"])),
    ];

    private string Scene()
    {
        string path = _folder.File("scene.tif");
        var geo = new GeoTags([0.5, 0.5, 0], [0, 0, 0, 400_000, 5_200_000, 0], null, MovedGeoTagsTests.Utm(), null, null);
        using FileStream stream = File.Create(path);
        var writer = new GeoTiffWriter(stream, new(400, 320, 3, TiffSampleType.Byte) { Geo = geo });
        var samples = new byte[400 * 320 * 3];
        for (int i = 0; i < samples.Length; i++) samples[i] = (byte)(128 + 90 * Math.Sin(i / 1200.0) + i % 3 * 9);
        writer.Write(0, 0, 400, 256, samples.AsSpan(0, 400 * 256 * 3));
        writer.Write(0, 256, 400, 64, samples.AsSpan(400 * 256 * 3));
        writer.Complete();
        return path;
    }
}
