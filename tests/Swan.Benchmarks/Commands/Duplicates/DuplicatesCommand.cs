using System.CommandLine;
using System.Numerics.Tensors;
using System.Text.Json;
using Swan.Cli.Options;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>Which near-duplicates a threshold of <see cref="SwanGallery.FindDuplicates"/> finds, and which different pictures.</summary>
internal static class DuplicatesCommand
{
    private static readonly float[] s_thresholds = [0.95f, 0.96f, 0.97f, 0.98f, 0.985f, 0.99f, 0.9925f, 0.995f, 0.9975f, 0.999f];

    private static readonly NumberOption<int> Count = SharedOptions.AtLeastOne(new NumberOption<int>("--count")
    {
        Description = "Images that are altered: spread evenly over the folder or list.", DefaultValueFactory = _ => 300,
    });

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "List of images (JSONL) of which some are taken; null: all of the folder.",
    };

    public static Command Create()
    {
        var command = new Command("duplicates", "Near-duplicates that are found by alteration, and pairs of different images, by score.")
        {
            SharedOptions.Model, SharedOptions.Images, Data, Count, SharedOptions.Json,
        };
        command.SetAction(parsed => Execute(
            parsed.GetRequiredValue(SharedOptions.Model), parsed.GetRequiredValue(SharedOptions.Images), parsed.GetValue(Data),
            parsed.GetValue(Count), parsed.GetValue(SharedOptions.Json)));
        return command;
    }

    private static void Execute(string modelPath, string folder, string? list, int count, string? json)
    {
        using SwanModel model = SwanModel.Open(modelPath);
        string[] names = list is null
            ? [.. ImageFolder.List(folder)]
            : [.. File.ReadLines(list).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("image").GetString()!)];
        count = Math.Min(count, names.Length);
        names = [.. Enumerable.Range(0, count).Select(i => names[(int)((long)i * names.Length / count)])];
        string[] paths = [.. names.Select(name => Path.Combine(folder, name))];
        string?[] scenes = Array.ConvertAll(names, CaptionedImage.SceneOf);
        float[][] originals = Embed(model, paths.Length, i => ImageDecoder.Decode(paths[i]));
        float[][][] copies =
        [
            .. NearDuplicate.All.Select(a => Embed(model, paths.Length, i => a.Apply(ImageDecoder.Decode(paths[i])))),
        ];
        // The originals' pairs: some are copies in truth, which count against us.
        float[] others = [.. Pairs(paths.Length).Select(p => Cosine(originals[p.First], originals[p.Second]))];
        (float Score, int First, int Second)[] closest =
            [.. Pairs(paths.Length).Zip(others, (p, s) => (s, p.First, p.Second)).OrderByDescending(p => p.s).Take(10)];
        Row[] rows = [.. s_thresholds.Select(t => new Row(
            t, [.. copies.Select(copy => originals.Zip(copy, Cosine).Count(s => s >= t) / (double)paths.Length)],
            others.Count(s => s >= t), 1e6 * others.Count(s => s >= t) / others.Length, Precision(originals, copies, t)))];
        Console.WriteLine($"{paths.Length:N0} images, {others.Length:N0} pairs of different images; model {model.Card.Identity}");
        Report.Table(
            ["score", .. NearDuplicate.All.Select(a => a.Name), "pairs of different images", "a million pairs", "precision"],
            rows.Select(string[] (r) =>
            [
                $"{r.Threshold}", .. r.Recall.Select(share => $"{100 * share:F1} %"), $"{r.Others}", $"{r.OthersByMillion:F1}",
                $"{100 * r.Precision:F1} %",
            ]));
        Console.WriteLine("\nClosest pairs of different images");
        foreach ((float score, int first, int second) in closest)
            Console.WriteLine($"  {score:F4} {names[first]} {names[second]}{(scenes[first] == scenes[second] ? "" : " (other scene)")}");
        Report.Write(json, "duplicates", new
        {
            images = paths.Length, alterations = NearDuplicate.All.Select(a => a.Name), rows,
            closest = closest.Select(p => new { p.Score, first = names[p.First], second = names[p.Second] }),
        });
    }

    // In a gallery of all originals and their altered copies: right pairs by all pairs of an original and a copy.
    private static double Precision(float[][] originals, float[][][] copies, float threshold)
    {
        long right = 0, all = 0;
        foreach (float[][] copy in copies)
        {
            for (int i = 0; i < originals.Length; i++)
            {
                for (int j = 0; j < copy.Length; j++)
                {
                    if (Cosine(originals[i], copy[j]) < threshold) continue;
                    all++;
                    if (i == j) right++;
                }
            }
        }
        return all == 0 ? 1 : right / (double)all;
    }

    private static IEnumerable<(int First, int Second)> Pairs(int count) =>
        Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(i + 1, count - i - 1).Select(j => (i, j)));

    private static float[][] Embed(SwanModel model, int count, Func<int, RgbImage> decode) =>
        [.. model.EmbedImages(count, decode).Chunk(model.EmbeddingSize)];

    private static float Cosine(float[] a, float[] b) => TensorPrimitives.Dot(a, b);

    private sealed record Row(float Threshold, double[] Recall, int Others, double OthersByMillion, double Precision);
}
