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
    private static readonly Option<int[]> Side = new("--side")
    {
        Description = "Sides to which the images are enlarged; repeatable.", AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1024, 1025, 2553],
    };

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
        (int[] sides, int quality) = (parsed.GetRequiredValue(Side), parsed.GetValue(Quality));
        // Some captions are a full stop alone.
        int[] worded = [.. Enumerable.Range(0, set.Captions.Count).Where(c => model.HasWords(set.Captions[c]))];
        float[] captions = model.EmbedCaptions([.. worded.Select(c => set.Captions[c])], cancellationToken: cancellation);
        int[] captionImage = [.. worded.Select(c => set.CaptionImage[c])];
        double MeanRecall(float[] images) => RetrievalEvaluator.Evaluate(
            images, captions, model.EmbeddingSize, captionImage, cancellationToken: cancellation).MeanRecall;
        Console.WriteLine($"  {set.Name}: {set.Images.Count} images, {worded.Length} captions; {model.Card.Name}");

        float[] asIs = model.EmbedImages([.. set.Images.Select(i => i.ImagePath)], cancellationToken: cancellation);
        List<ScaledEmbeddings> rows = [new("as they are", 0, MeanRecall(asIs), null, null, 1, null, null)];
        foreach (int side in sides)
        {
            // Once with the edge repeated in the last blocks, as most encoders do, and once with black there.
            foreach (bool goesOn in side % 8 == 0 ? (bool[])[false] : [false, true])
            {
                var pairs = ScaledInputs.Prepare(
                    model.Card.Image, set.Images.Count, i => LargePictures.Enlarge(set.Images[i].ImagePath, side, quality, goesOn),
                    cancellation);
                float[] full = Embed(model, pairs.Full, cancellation), scaled = Embed(model, pairs.Scaled, cancellation);
                double[] toFull = Cosines(model, scaled, full);
                string name = $"{side}×{side}{(goesOn ? ", black beyond its edge" : "")}";
                rows.Add(new($"{name}, full", 8, MeanRecall(full), null, null, Cosines(model, full, asIs).Average(), null, null));
                rows.Add(new($"{name}, scaled", JpegScale.Choose(side, side, model.Card.Image.Size), MeanRecall(scaled), toFull.Average(),
                    toFull.Min(), Cosines(model, scaled, asIs).Average(), pairs.MeanLevels, pairs.MostLevels));
                Console.WriteLine($"  {name} done");
            }
        }
        Report.Table(["images", "scale", "mR", "mean cosine to full", "least", "mean cosine to as they are", "mean levels", "most"],
            rows.Select(r => (string[])
            [
                r.Name, r.Eighths == 0 ? "" : $"{r.Eighths}/8", $"{r.MeanRecall:F2}", $"{r.MeanToFull:F5}", $"{r.LeastToFull:F5}",
                $"{r.MeanToAsIs:F5}", $"{r.MeanLevels:F2}", $"{r.MostLevels}",
            ]));

        LargeJpeg[] large = parsed.GetValue(Large) is { } folder ? MeasureLarge(model, folder, cancellation) : (LargeJpeg[])[];
        if (large.Length > 0)
        {
            Report.Table(["large JPEG", "size", "scale", "cosine", "mean levels", "most"], large.Select(l => (string[])
                [l.Name, $"{l.Width}×{l.Height}", $"{l.Eighths}/8", $"{l.Cosine:F5}", $"{l.MeanLevels:F2}", $"{l.MostLevels}"]));
        }
        Report.Write(parsed.GetValue(SharedOptions.Json), "scaled", new { model = model.Card.Name, sides, quality, rows, large });
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
                reading = ImageDecoder.Decode(
                    file, "image", new ImageDecodingOptions().For(model.Card.Image with { Decode = ImageDecode.Scaled })).Reading!;
            }
            catch (SwanImageException)
            {
                continue; // damaged on purpose
            }
            if (reading.Eighths == JpegScale.Full) continue;
            ScaledInputs pair = ScaledInputs.Prepare(model.Card.Image, 1, _ => file, cancellation);
            double cosine = Cosines(model, Embed(model, pair.Full, cancellation), Embed(model, pair.Scaled, cancellation))[0];
            found.Add(new(Path.GetFileName(path), reading.Width, reading.Height, reading.Eighths, cosine, pair.MeanLevels,
                pair.MostLevels));
        }
        return [.. found];
    }

    // Images of the encoder's own size are taken as they are.
    private static float[] Embed(SwanModel model, byte[][] inputs, CancellationToken cancellation)
    {
        int side = model.Card.Image.Size;
        return model.EmbedImages(inputs.Length, i => new RgbImage(side, side, inputs[i]), cancellationToken: cancellation);
    }

    private static double[] Cosines(SwanModel model, float[] a, float[] b)
    {
        int size = model.EmbeddingSize;
        return [.. Enumerable.Range(0, a.Length / size).Select(i =>
            (double)TensorPrimitives.CosineSimilarity(a.AsSpan(i * size, size), b.AsSpan(i * size, size)))];
    }
}
