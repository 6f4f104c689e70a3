using System.Globalization;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>Windows of TIFFs that GDAL writes, against what GDAL reads of them.</summary>
public sealed class TiffAgainstGdalTests(GdalTiffs gdal) : IClassFixture<GdalTiffs>
{
    private const int WindowsPerFile = 4;

    [Fact]
    public void Every_format_layout_and_depth_is_read_as_GDAL_reads_it()
    {
        var wrong = new List<string>();
        var equal = new SortedDictionary<string, (int Equal, int All)>(StringComparer.Ordinal);
        var random = new Random(19);
        GdalTiff[] files =
        [
            .. gdal.Files.Where(f => f.Name.EndsWith(".tif", StringComparison.Ordinal)
                && !f.Name.StartsWith("foreign", StringComparison.Ordinal)),
        ];
        foreach (GdalTiff expected in files)
        {
            double? off = Off(expected, random, wrong);
            string kind = expected.Name[..expected.Name.IndexOfAny(['-', '.'])];
            (int good, int all) = equal.GetValueOrDefault(kind);
            equal[kind] = (off <= expected.Tolerance ? good + 1 : good, all + 1);
            if (off is null || off > expected.Tolerance)
                wrong.Add($"{expected.Name}: off by {off?.ToString(CultureInfo.InvariantCulture) ?? "its shape"}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', equal.Select(e => $"{e.Key}: {e.Value.Equal} of {e.Value.All}")));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{equal.Values.Sum(e => e.Equal)} of {files.Length} files, each whole and in {WindowsPerFile} windows");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {files.Length}:\n{string.Join('\n', wrong.Take(40))}");
        Assert.True(files.Length > 1300, $"GDAL wrote {files.Length} files.");
    }

    [Fact]
    public void Overviews_and_their_masks_are_those_of_GDAL()
    {
        using TiffFile file = Open("family.tif");

        Assert.Equal([(42, 31), (21, 16)], file.Overviews.Select(o => (o.Fields.Width, o.Fields.Height)));
        AssertEqual("family.tif.overview0", file.Overviews[0]);
        AssertEqual("family.tif.overview1", file.Overviews[1]);
        AssertMask("family.tif.mask", file.Mask);
        AssertMask("family.tif.overview0.mask", file.MaskOf(file.Overviews[0]));
        AssertMask("family.tif.overview1.mask", file.MaskOf(file.Overviews[1]));
    }

    [Theory]
    [InlineData("0", 0), InlineData("-9999", -9999), InlineData("1.5", 1.5), InlineData("nan", double.NaN)]
    [InlineData("-inf", double.NegativeInfinity)]
    public void The_nodata_value_that_GDAL_writes_is_read(string name, double expected)
    {
        string path = gdal[$"nodata-{name}.tif"].File;
        using TiffFile file = TiffFile.Open(File.OpenRead(path), path);

        Assert.Equal(expected, file.NoData);
    }

    [Theory]
    [InlineData("LERC", "LERC (34887)"), InlineData("LERC_DEFLATE", "LERC (34887)"), InlineData("LERC_ZSTD", "LERC (34887)")]
    [InlineData("WEBP", "WebP (50001)"), InlineData("LZMA", "LZMA (34925)")]
    public void Compressions_that_are_not_read_are_named(string codec, string expected)
    {
        Assert.SkipUnless(gdal.Files.Any(f => f.Name == $"foreign-{codec}.tif"), $"This GDAL does not write {codec}.");
        string name = $"foreign-{codec}.tif";
        foreach (Action read in (Action[])[() => Open(name).Dispose(), () => ImageDecoder.Decode(gdal.Path(name))])
        {
            var e = Assert.Throws<SwanImageException>(read);

            Assert.Equal(ImageFault.Unsupported, e.Fault);
            Assert.Contains(expected, e.Message, StringComparison.Ordinal);
            Assert.Contains("gdal_translate -co COMPRESS=DEFLATE", e.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("complex64", "64-bit COMPLEXIEEEFP"), InlineData("complex_int16", "32-bit COMPLEXINT")]
    public void Sample_types_that_are_not_read_are_named(string type, string expected)
    {
        var e = Assert.Throws<SwanImageException>(() => Open($"foreign-{type}.tif"));

        Assert.Equal(ImageFault.Unsupported, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    // The whole image, then windows of some of its bands; null where something has another shape.
    private static double? Off(GdalTiff expected, Random random, List<string> wrong)
    {
        byte[] pixels = expected.Pixels;
        try
        {
            using TiffFile file = TiffFile.Open(File.OpenRead(expected.File), expected.Name);
            var whole = new PixelWindow(0, 0, expected.Width, expected.Height);
            double? most = expected.Difference(file.Image.Read(whole, expected.AllBands), whole, expected.AllBands, pixels);
            for (int i = 0; i < WindowsPerFile && most is not null; i++)
            {
                int x = random.Next(expected.Width), y = random.Next(expected.Height);
                var window = new PixelWindow(x, y, random.Next(expected.Width - x) + 1, random.Next(expected.Height - y) + 1);
                int[] bands = [.. Enumerable.Range(0, random.Next(1, expected.Bands + 2)).Select(_ => random.Next(expected.Bands))];
                double? off = expected.Difference(file.Image.Read(window, bands), window, bands, pixels);
                most = off is null ? null : Math.Max(most.Value, off.Value);
            }

            return most;
        }
        catch (SwanImageException e)
        {
            wrong.Add(e.Message);
            return null;
        }
    }

    private TiffFile Open(string name) => TiffFile.Open(File.OpenRead(gdal[name].File), name);

    private void AssertEqual(string name, TiffImage image)
    {
        GdalTiff expected = gdal[name];
        var whole = new PixelWindow(0, 0, expected.Width, expected.Height);
        Assert.Equal(0, expected.Difference(image.Read(whole, expected.AllBands), whole, expected.AllBands, expected.Pixels));
    }

    private void AssertMask(string name, TiffImage? mask)
    {
        Assert.NotNull(mask);
        Assert.Equal(1, mask.Fields.Samples);
        AssertEqual(name, mask);
    }
}
