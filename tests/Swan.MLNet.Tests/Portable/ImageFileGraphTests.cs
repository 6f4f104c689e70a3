using System.Globalization;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Swan.MLNet.Portable;

namespace Swan.MLNet.Tests.Portable;

public sealed class ImageFileGraphTests
{
    private const int Width = 21;
    private const int Height = 14;

    public static TheoryData<string, byte[]> Good => new()
    {
        { "PNG", EncodedImages.Png(Width, Height) },
        { "JPEG", EncodedImages.Jpeg(Width, Height) },
        { "upright by Exif, big-endian",
            EncodedImages.With(EncodedImages.Jpeg(Width, Height), EncodedImages.Orientation(1, bigEndian: true)) },
        { "upright by Exif, little-endian",
            EncodedImages.With(EncodedImages.Jpeg(Width, Height), EncodedImages.Orientation(1, bigEndian: false)) },
        { "long segments before the header",
            EncodedImages.With(EncodedImages.Jpeg(Width, Height), (0xE2, new byte[60_000]), (0xFE, new byte[65_000]), (0xE3, [])) },
        { "4,000 empty comments", WithComments(4_000) },
        { "PNG with 16,000 chunks", WithChunks(16_000) },
        { "fill bytes before a marker",
            [.. EncodedImages.Jpeg(Width, Height)[..2], 0xFF, 0xFF, 0xFF, .. EncodedImages.Jpeg(Width, Height)[2..]] },
        { "a thumbnail of another size",
            EncodedImages.With(EncodedImages.Jpeg(Width, Height), (0xE1, [.. "Exif\0\0"u8, .. EncodedImages.Jpeg(4, 3)])) },
        { "bytes after its end", [.. EncodedImages.Jpeg(Width, Height), 1, 2, 3] },
        { "PNG with bytes after its end", [.. EncodedImages.Png(Width, Height), 1, 2, 3] },
        { "PNG upright by Exif",
            EncodedImages.WithChunk(EncodedImages.Png(Width, Height), "eXIf", EncodedImages.OrientationExif(1, bigEndian: true)) },
    };

    public static TheoryData<string, byte[], string> Bad
    {
        get
        {
            byte[] png = EncodedImages.Png(Width, Height), jpeg = EncodedImages.Jpeg(Width, Height);
            string size = ImageFileGraph.SizeFault(Width, Height);
            var bad = new TheoryData<string, byte[], string>
            {
                { "no bytes", [], ImageFileGraph.KindFault },
                { "one byte", [0xFF], ImageFileGraph.KindFault },
                { "no image", "The quick brown fox jumps over the lazy dog."u8.ToArray(), ImageFileGraph.KindFault },
                { "TIFF", EncodedImages.Tiff(), ImageFileGraph.KindFault },
                { "WebP", EncodedImages.WebP(Width, Height), ImageFileGraph.KindFault },
                { "JPEG that ends in its header", jpeg[..30], ImageFileGraph.KindFault },
                { "JPEG that is all fill bytes", [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 100_000)], ImageFileGraph.KindFault },
                { "PNG of its sides swapped", EncodedImages.Png(Height, Width), size },
                { "PNG one pixel wider", EncodedImages.Png(Width + 1, Height), size },
                { "PNG one pixel higher", EncodedImages.Png(Width, Height + 1), size },
                { "PNG twice as large", EncodedImages.Png(2 * Width, 2 * Height), size },
                { "JPEG of its sides swapped", EncodedImages.Jpeg(Height, Width), size },
                { "JPEG one pixel narrower", EncodedImages.Jpeg(Width - 1, Height), size },
                { "JPEG with a thumbnail of the declared size",
                    EncodedImages.With(EncodedImages.Jpeg(50, 40), (0xE1, [.. "Exif\0\0"u8, .. jpeg])), size },
                { "PNG without its end", png[..^13], ImageFileGraph.WholeFault },
                { "PNG whose end is only mentioned", [.. png[..^12], .. "IEND"u8], ImageFileGraph.WholeFault },
                { "JPEG without its end", jpeg[..^2], ImageFileGraph.WholeFault },
                // A file with a part every few bytes takes long, and no camera or program writes one.
                { "JPEG with 5,000 empty comments", WithComments(5_000), ImageFileGraph.KindFault },
                { "PNG with 17,000 chunks", WithChunks(17_000), ImageFileGraph.WholeFault },
                { "JPEG with a segment that leads out of it", [.. jpeg[..^2], 0xFF, 0xE0, 0xFF, 0x00, 0xFF, 0xD9],
                    ImageFileGraph.WholeFault },
                { "half a JPEG with a whole thumbnail",
                    EncodedImages.With(jpeg, (0xE1, [.. "Exif\0\0"u8, .. EncodedImages.Jpeg(4, 3)]))[..^40], ImageFileGraph.WholeFault },
            };
            for (int value = 2; value <= 8; value++)
            {
                foreach (bool bigEndian in new[] { false, true })
                {
                    string order = bigEndian ? ", big-endian" : "";
                    bad.Add($"orientation {value}{order}", EncodedImages.With(jpeg, EncodedImages.Orientation(value, bigEndian)),
                        ImageFileGraph.UprightFault);
                    bad.Add($"PNG orientation {value}{order}",
                        EncodedImages.WithChunk(png, "eXIf", EncodedImages.OrientationExif(value, bigEndian)), ImageFileGraph.UprightFault);
                }
            }
            return bad;
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void The_image_file_graph_accepts(string what, byte[] file)
    {
        Assert.NotEmpty(what);
        Run(file);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void The_image_file_graph_refuses_by_name(string what, byte[] file, string fault)
    {
        Assert.NotEmpty(what);
        Assert.Contains(fault, Assert.Throws<OnnxRuntimeException>(() => Run(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_file_graph_reads_sides_of_more_than_16_bits()
    {
        byte[] png = EncodedImages.Png(70_000, 1);
        Run(png, 70_000, 1);
        Assert.Throws<OnnxRuntimeException>(() => Run(png, 70_000 - 65_536, 1));
    }

    [Fact]
    public void The_walk_through_a_file_grows_with_its_segments_and_no_faster()
    {
        long once = Work(WithComments(100)), twice = Work(WithComments(200));

        Assert.InRange(twice, once, 2.1 * once);
    }

    // The bytes that all steps of the graph put out.
    private static long Work(byte[] file)
    {
        using var folder = new TemporaryFolder();
        using var options = new SessionOptions { EnableProfiling = true, ProfileOutputPathPrefix = folder.File("profile") };
        using var session = new InferenceSession(ImageFileGraph.Build(Width, Height), options);
        using var found =
            session.Run([NamedOnnxValue.CreateFromTensor(ImageFileGraph.File, new DenseTensor<byte>(file, [1, file.Length]))]);
        using var profile = JsonDocument.Parse(File.ReadAllText(session.EndProfiling()));
        return profile.RootElement.EnumerateArray()
            .Select(step => step.GetProperty("args"))
            .Sum(args => args.TryGetProperty("output_size", out JsonElement size)
                ? long.Parse(size.GetString()!, CultureInfo.InvariantCulture) : 0);
    }

    private static byte[] WithComments(int count) =>
        EncodedImages.With(EncodedImages.Jpeg(Width, Height), [.. Enumerable.Repeat<(byte, byte[])>((0xFE, []), count)]);

    private static byte[] WithChunks(int count)
    {
        byte[] png = EncodedImages.Png(Width, Height), chunk = [0, 0, 0, 0, .. "teSt"u8, 0, 0, 0, 0];
        return [.. png[..33], .. Enumerable.Repeat(chunk, count).SelectMany(c => c), .. png[33..]];
    }

    private static void Run(byte[] file, int width = Width, int height = Height)
    {
        using var session = new InferenceSession(ImageFileGraph.Build(width, height));
        using var found =
            session.Run([NamedOnnxValue.CreateFromTensor(ImageFileGraph.File, new DenseTensor<byte>(file, [1, file.Length]))]);
        Assert.Equal([1], found[0].AsTensor<long>().ToArray());
    }
}
