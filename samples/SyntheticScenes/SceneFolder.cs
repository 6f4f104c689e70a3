using System.Text.Json;

namespace SyntheticScenes;

/// <summary>
/// Draws a data set: <c>images/airport_1.jpg</c> … with <c>train.jsonl</c> and <c>val.jsonl</c>, as <c>swan train --data</c> reads them.
/// </summary>
internal static class SceneFolder
{
    private const int CaptionsPerImage = 5;

    private sealed record Entry(string Image, string Scene, string[] Captions);

    public static void Draw(string folder, int trainingImages, int heldOutImages, int seed)
    {
        string images = Path.Combine(folder, "images");
        Directory.CreateDirectory(images);
        var entries = new Entry[trainingImages + heldOutImages];
        Parallel.For(0, entries.Length, i =>
        {
            // Each image has its own generator, so that it is the same whichever thread draws it and however many others are drawn.
            var random = new Random(Mix(seed, i));
            Scene scene = Scene.All[i % Scene.All.Length];
            string name = $"{scene.Name.Replace(' ', '-')}_{i / Scene.All.Length + 1}.jpg";
            using var pen = new Pen(random);
            string[] captions = Grammar.Write(random, CaptionsPerImage, scene.Draw(pen));
            pen.Save(Path.Combine(images, name));
            entries[i] = new(name, scene.Name, captions);
        });
        Write("train.jsonl", entries[..trainingImages]);
        Write("val.jsonl", entries[trainingImages..]);

        void Write(string name, IEnumerable<Entry> part) =>
            File.WriteAllLines(Path.Combine(folder, name), part.Select(e => JsonSerializer.Serialize(e, JsonSerializerOptions.Web)));
    }

    // Random takes like seeds to like beginnings (each image a little redder than the last), so they are scattered first: SplitMix64's last
    // step.
    private static int Mix(int seed, int image)
    {
        ulong z = unchecked(((ulong)(uint)seed << 32 | (uint)image) * 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (int)(z >> 32);
    }
}
