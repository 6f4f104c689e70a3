using System.Text.Json;

namespace Swan.Packages.Tests;

/// <summary>A data folder and a recipe for a training of a second, and the command lines that use them there.</summary>
internal static class TinyTraining
{
    public const int EmbeddingSize = 16;
    public const string Model = "model.swan";

    public static string[] Train { get; } = ["train", "--data", ".", "--out", "run", "--config", "tiny.json"];

    public static string[] Export { get; } = ["export", "--run", "run", "--out", Model];

    /// <summary>Writes nine images, six to train on, and <c>tiny.json</c>.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        WriteList(folder, "train.jsonl", first: 0, count: 6);
        WriteList(folder, "val.jsonl", first: 6, count: 3);
        File.WriteAllText(Path.Combine(folder, "tiny.json"), """
            {"network": {"backbone": "small_convnet", "imageSize": 64, "embeddingSize": 16, "salientChannels": 4, "wsaHeads": 2,
                "wordDimension": 8},
             "freezeBackbone": false, "epochs": 1, "batchSize": 3, "minWordCount": 1, "device": "cpu", "threads": 1}
            """);
    }

    private static void WriteList(string folder, string list, int first, int count) =>
        File.WriteAllLines(Path.Combine(folder, list), Enumerable.Range(first, count).Select(i =>
        {
            TinyImages.Write(Path.Combine(folder, "images"), $"forest_{i}.png", seed: i, width: 64, height: 64);
            return JsonSerializer.Serialize(
                new { image = $"forest_{i}.png", scene = "forest", captions = new[] { $"a green forest number {i}" } });
        }));
}
