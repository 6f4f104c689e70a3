using System.Security.Cryptography;
using System.Text.Json;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>
/// The test suites of image-rs, Pillow, rasterio and torchsat, against what Pillow and ImageMagick see (reference-pixels.py).
/// </summary>
public sealed class HostileImagesTests
{
    // Of the files here the largest that is read has 4.8 million pixels, and the largest file 2 MB.
    private const long MaxManagedBytes = 64L << 20;

    private static readonly Dictionary<string, JsonElement> Reference = ReadReference();

    [Fact]
    public void Every_file_is_read_as_other_decoders_read_it_or_refused_with_its_name_and_takes_little_memory()
    {
        var wrong = new List<string>();
        int accepted = 0, compared = 0, stretched = 0;
        var refused = new Dictionary<ImageFault, int>();
        string root = SharedFolder.Data("");
        string[] files = [.. new[] { "hostile", "tiff" }
            .SelectMany(f => Directory.GetFiles(SharedFolder.Data(f), "*", SearchOption.AllDirectories))
            .Where(f => !f.EndsWith(".json", StringComparison.Ordinal))];
        Assert.True(files.Length >= 640, $"{files.Length} files");
        foreach (string file in files)
        {
            string name = Path.GetRelativePath(root, file).Replace('\\', '/');
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                RgbImage image = ImageDecoder.Decode(file);
                accepted++;
                if (image.Reading!.RangeFrom == RangeSource.Model)
                {
                    // Other decoders take the whole range of unsigned samples, and of other types none that means anything.
                    if (image.Reading.SampleType != nameof(UInt16))
                    {
                        stretched++;
                        continue;
                    }
                    image = ImageDecoder.Decode(file, new ImageDecodingOptions { Range = SampleRange.Full });
                }
                if (!Reference.TryGetValue(name, out JsonElement expected)) continue;
                compared++;
                if (Difference(image, expected) is { } difference) wrong.Add($"{name}: {difference}");
            }
            catch (SwanImageException e)
            {
                refused[e.Fault] = refused.GetValueOrDefault(e.Fault) + 1;
                if (!e.Message.Contains(file, StringComparison.Ordinal)) wrong.Add($"{name}: the message doesn't name it: {e.Message}");
            }
            catch (Exception e)
            {
                wrong.Add($"{name}: {e.GetType().Name} instead of {nameof(SwanImageException)}: {e.Message}");
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes > MaxManagedBytes) wrong.Add($"{name}: took {bytes >> 20} MiB");
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{files.Length} files: {accepted} read, {compared} compared, "
            + $"refused: {string.Join(", ", refused.OrderBy(r => r.Key).Select(r => $"{r.Value} {r.Key}"))}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(
            compared + stretched >= accepted * 0.98,
            $"only {compared} and {stretched} of {accepted} files that were read could be compared");
        Assert.True(accepted >= 560, $"only {accepted} files were read");
    }

    private static string? Difference(RgbImage image, JsonElement expected)
    {
        (int width, int height) = (expected[0].GetInt32(), expected[1].GetInt32());
        if (image.Width != width || image.Height != height) return $"{image.Width}×{image.Height} instead of {width}×{height}";
        string value = expected[3].GetString()!;
        if (expected[2].GetString() == "sha")
        {
            string sha = Convert.ToHexStringLower(SHA256.HashData(image.Pixels))[..16];
            return sha == value ? null : "other pixels";
        }

        byte[] theirs = Convert.FromHexString(value), ours = Grid(image);
        int most = theirs.Zip(ours, (a, b) => Math.Abs(a - b)).Max();
        return most <= 2 ? null : $"the mean color of a cell is off by {most} levels";
    }

    // Mean colors of 8×8 cells, as reference-pixels.py takes them.
    private static byte[] Grid(RgbImage image)
    {
        var grid = new byte[8 * 8 * 3];
        for (int cell = 0; cell < 64; cell++)
        {
            int top = cell / 8 * image.Height / 8, bottom = Math.Max((cell / 8 + 1) * image.Height / 8, top + 1);
            int left = cell % 8 * image.Width / 8, right = Math.Max((cell % 8 + 1) * image.Width / 8, left + 1);
            for (int c = 0; c < 3; c++)
            {
                long sum = 0;
                for (int y = top; y < bottom; y++)
                {
                    for (int x = left; x < right; x++) sum += image.Pixels[(y * image.Width + x) * 3 + c];
                }

                grid[cell * 3 + c] = (byte)(sum / (double)((bottom - top) * (right - left)) + 0.5);
            }
        }

        return grid;
    }

    private static Dictionary<string, JsonElement> ReadReference()
    {
        using Stream stream = typeof(HostileImagesTests).Assembly.GetManifestResourceStream("reference-pixels.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(stream)!;
    }
}
