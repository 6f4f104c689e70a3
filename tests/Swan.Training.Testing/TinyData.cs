using System.Text.Json;
using SkiaSharp;
using Swan.MLNet.Datasets;

namespace Swan.Training.Testing;

/// <summary>A data folder of generated images, three scenes of different colors, with three captions each.</summary>
internal static class TinyData
{
    private static readonly (string Scene, SKColor Ground)[] Scenes =
    [
        ("forest", new(30, 110, 40)), ("beach", new(220, 200, 140)), ("river", new(40, 80, 170)),
    ];
    private static readonly string[] Sizes = ["small", "large", "round", "long", "narrow"];

    /// <summary>Writes train.jsonl, val.jsonl (unless there are 0) and their images.</summary>
    public static string Write(string folder, int train = 12, int validation = 6)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        Lines(folder, "train.jsonl", 0, train);
        if (validation > 0) Lines(folder, "val.jsonl", train, validation);
        return folder;
    }

    /// <summary>Writes a data folder and opens it.</summary>
    public static (CaptionedImageSet Train, CaptionedImageSet Validation) Open(string folder, int train = 12, int validation = 6)
    {
        (CaptionedImageSet first, CaptionedImageSet? second) = CaptionedImageSet.Open(Write(folder, train, validation));
        return (first, second!);
    }

    public static void WriteImage(string path, int seed, SKColor ground, int width = 40, int height = 30)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                bitmap.SetPixel(x, y, new(Noisy(ground.Red), Noisy(ground.Green), Noisy(ground.Blue)));
        }

        using FileStream file = File.Create(path);
        bitmap.Encode(file, SKEncodedImageFormat.Png, 100);

        byte Noisy(byte level) => (byte)Math.Clamp(level + random.Next(-40, 41), 0, 255);
    }

    private static void Lines(string folder, string name, int first, int count)
    {
        File.WriteAllLines(Path.Combine(folder, name), Enumerable.Range(first, count).Select(i =>
        {
            (string scene, SKColor ground) = Scenes[i % Scenes.Length];
            string image = $"{scene}_{i}.png", size = Sizes[i % Sizes.Length];
            WriteImage(Path.Combine(folder, "images", image), i, ground);
            return JsonSerializer.Serialize(new
            {
                image,
                scene,
                captions = new[] { $"a {size} {scene}", $"there is a {scene} which looks {size} from above", $"{scene}" },
            });
        }));
    }
}
