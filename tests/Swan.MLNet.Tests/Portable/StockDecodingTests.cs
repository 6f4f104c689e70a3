using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Swan.MLNet.Imaging;
using Swan.MLNet.Portable;

namespace Swan.MLNet.Tests.Portable;

/// <summary>
/// Real files, many of them broken on purpose: what a portable pipeline takes, stock ML.NET decodes to the very pixels that Swan does.
/// </summary>
public sealed class StockDecodingTests
{
    [Fact]
    public void Whatever_passes_the_checks_has_the_same_pixels()
    {
        string? data = Environment.GetEnvironmentVariable("SWAN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "SWAN_DATA is not set: the folder with real and with broken images.");
        var wrong = new List<string>();
        int same = 0, refused = 0;
        string[] sound = [.. Directory.GetFiles(Path.Combine(data, "rsicd", "images"), "*.jpg").Order(StringComparer.Ordinal).Take(40)];
        foreach (string path in Directory.GetFiles(Path.Combine(data, "hostile"), "*", SearchOption.AllDirectories).Concat(sound))
        {
            InferenceSession? session = null;
            string? fault = Difference(
                File.ReadAllBytes(path), path, image => session = Session(image.Width, image.Height), out bool passed);
            session?.Dispose();
            if (fault is not null) wrong.Add($"{path}: {fault}");
            if (passed) same++;
            else refused++;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{same} files had the same pixels, {refused} were refused");
        Assert.Empty(wrong);
        Assert.True(same > 0 && refused > 0, $"{same} files passed, {refused} were refused");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_bytes_have_stock_pixels_or_are_refused(bool png)
    {
        byte[] good = png ? EncodedImages.Png(30, 20) : EncodedImages.Jpeg(30, 20);
        using InferenceSession session = Session(30, 20);
        var random = new Random(5);
        var wrong = new List<string>();
        for (int i = 0; i < 400; i++)
        {
            byte[] bad = [.. good];
            int at = random.Next(bad.Length);
            bad[at] ^= (byte)random.Next(1, 256);
            if (Difference(bad, $"byte {at}", _ => session, out _) is { } fault) wrong.Add($"byte {at} = {bad[at]}: {fault}");
        }
        Assert.Empty(wrong);
    }

    // A graph can't walk a JPEG's codes or a palette's indices: what is damaged there passes, with stock pixels.
    private static bool IsDamagedInside(SwanImageException e) => e.Fault == ImageFault.Truncated
        || e.Message.Contains("its coded data", StringComparison.Ordinal)
        || e.Message.Contains("past the end of its palette", StringComparison.Ordinal);

    private static string? Difference(byte[] bytes, string name, Func<MLImage, InferenceSession> session, out bool passed)
    {
        passed = false;
        MLImage stock;
        try
        {
            stock = MLImage.CreateFromStream(new MemoryStream(bytes));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
        using (stock)
        {
            if (!Passes(bytes, stock, session(stock))) return null;
            passed = true;
            try
            {
                RgbImage swan = ImageDecoder.Decode(bytes, name);
                return swan.Pixels.AsSpan().SequenceEqual(ImageDecoder.FromMLImage(stock).Pixels) ? null : "other pixels";
            }
            catch (SwanImageException e) when (IsDamagedInside(e))
            {
                return null;
            }
            catch (SwanImageException e)
            {
                return $"Swan refuses it: {e.Message}";
            }
        }
    }

    private static bool Passes(byte[] bytes, MLImage image, InferenceSession session)
    {
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int alpha = 3; alpha < pixels.Length; alpha += 4)
        {
            if (pixels[alpha] != 255) return false;
        }
        try
        {
            session.Run([NamedOnnxValue.CreateFromTensor(ImageFileGraph.File, new DenseTensor<byte>(bytes, [1, bytes.Length]))]).Dispose();
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    private static InferenceSession Session(int width, int height) =>
        new(ImageFileGraph.Build(width, height), new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL });
}
