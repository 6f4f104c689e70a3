using System.CommandLine;
using System.Numerics.Tensors;
using Swan.Cli.Options;
using Swan.MLNet.Datasets;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;

namespace Swan.Benchmarks.Commands;

/// <summary>mR of enlarged images that are decoded in full and scaled, and cosines between the two.</summary>
internal static class ScaledCommand
{
    private static readonly Option<string?> Model = new("--model") { Description = "The model file (.swan). Default: the one inside." };
    private static readonly Option<string> Data = new("--data") { Description = "Images and captions, JSON lines.", Required = true };
    private static readonly NumberOption<int> Side = SharedOptions.AtLeastOne(new NumberOption<int>("--side")
    {
        Description = "Side to which the images are enlarged.",
        DefaultValueFactory = _ => 1024,
    });

    private static readonly NumberOption<int> Quality = SharedOptions.AtLeastOne(new NumberOption<int>("--quality")
    {
        Description = "Quality of the enlarged JPEGs.",
        DefaultValueFactory = _ => 90,
    });

    private static readonly Option<string?> Large = new("--large")
    {
        Description = "Folder, with those in it, whose large JPEGs are embedded in full and scaled, too.",
    };

    public static Command Create()
    {
        var command = new Command("scaled", "mR of enlarged images that are decoded in full and scaled, and their cosines.")
        {
            Model, Data, SharedOptions.Images, Side, Quality, Large, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Execute(parsed, cancellation)));
        return command;
    }

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        using SwanModel model = parsed.GetValue(Model) is { } path ? SwanModel.Open(path) : SwanModel.OpenDefault();
        CaptionedImageSet set = JsonLinesReader.Read(parsed.GetRequiredValue(Data), parsed.GetRequiredValue(SharedOptions.Images));
        (int side, int quality) = (parsed.GetValue(Side), parsed.GetValue(Quality));
        // Some captions are a full stop alone.
        int[] worded = [.. Enumerable.Range(0, set.Captions.Count).Where(c => model.HasWords(set.Captions[c]))];
        float[] captions = model.EmbedCaptions([.. worded.Select(c => set.Captions[c])], cancellationToken: cancellation);
        int[] captionImage = [.. worded.Select(c => set.CaptionImage[c])];

        float[] asIs = Embed(model, set.Images.Count, i => File.ReadAllBytes(set.Images[i].ImagePath), ImageDecode.Full, cancellation);
        byte[] Enlarged(int i) => LargePictures.Enlarge(set.Images[i].ImagePath, side, quality);
        float[] full = Embed(model, set.Images.Count, Enlarged, ImageDecode.Full, cancellation);
        float[] scaled = Embed(model, set.Images.Count, Enlarged, ImageDecode.Scaled, cancellation);
        Row Compare(string name, float[] images)
        {
            double meanRecall = RetrievalEvaluator.Evaluate(
                images, captions, model.EmbeddingSize, captionImage, cancellationToken: cancellation).MeanRecall;
            double[] toFull = Cosines(model, images, full), toAsIs = Cosines(model, images, asIs);
            return new(name, meanRecall, toFull.Average(), toFull.Min(), toAsIs.Average());
        }

        Row[] rows =
            [Compare("as they are", asIs), Compare($"{side}×{side}, full", full), Compare($"{side}×{side}, scaled", scaled)];
        int eighths = JpegScale.Choose(side, side, model.Card.Image.Size);
        Console.WriteLine($"  {set.Name}: {set.Images.Count} images, {worded.Length} captions; {model.Card.Name}; scaled to {eighths}/8");
        Report.Table(["images", "mR", "mean cosine to full", "least", "mean cosine to as they are"], rows.Select(r => (string[])
            [r.Name, $"{r.MeanRecall:F2}", $"{r.MeanToFull:F5}", $"{r.LeastToFull:F5}", $"{r.MeanToAsIs:F5}"]));

        LargeJpeg[] large = parsed.GetValue(Large) is { } folder ? MeasureLarge(model, folder, cancellation) : (LargeJpeg[])[];
        if (large.Length > 0)
        {
            Report.Table(["large JPEG", "size", "scale", "cosine"],
                large.Select(l => (string[])[l.Name, $"{l.Width}×{l.Height}", $"{l.Eighths}/8", $"{l.Cosine:F5}"]));
        }
        Report.Write(parsed.GetValue(SharedOptions.Json), "scaled", new { model = model.Card.Name, side, quality, eighths, rows, large });
        return 0;
    }

    private static LargeJpeg[] MeasureLarge(SwanModel model, string folder, CancellationToken cancellation)
    {
        var found = new List<LargeJpeg>();
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            byte[] file = File.ReadAllBytes(path);
            if (!JpegSegments.IsJpeg(file)) continue;
            ImageReading reading;
            try
            {
                reading = Decode(model, file, ImageDecode.Scaled).Reading!;
            }
            catch (SwanImageException)
            {
                continue; // damaged on purpose
            }
            if (reading.Eighths == JpegScale.Full) continue;
            float[] full = Embed(model, 1, _ => file, ImageDecode.Full, cancellation);
            float[] scaled = Embed(model, 1, _ => file, ImageDecode.Scaled, cancellation);
            found.Add(new(Path.GetFileName(path), reading.Width, reading.Height, reading.Eighths, Cosines(model, full, scaled)[0]));
        }
        return [.. found];
    }

    private static float[] Embed(SwanModel model, int count, Func<int, byte[]> file, ImageDecode decode, CancellationToken cancellation) =>
        model.EmbedImages(count, i => Decode(model, file(i), decode), cancellationToken: cancellation);

    private static RgbImage Decode(SwanModel model, byte[] file, ImageDecode decode) =>
        ImageDecoder.Decode(file, "image", new ImageDecodingOptions().For(model.Card.Image with { Decode = decode }));

    private static double[] Cosines(SwanModel model, float[] a, float[] b)
    {
        int size = model.EmbeddingSize;
        return [.. Enumerable.Range(0, a.Length / size).Select(i =>
            (double)TensorPrimitives.CosineSimilarity(a.AsSpan(i * size, size), b.AsSpan(i * size, size)))];
    }

    private sealed record Row(string Name, double MeanRecall, double MeanToFull, double LeastToFull, double MeanToAsIs);
}
