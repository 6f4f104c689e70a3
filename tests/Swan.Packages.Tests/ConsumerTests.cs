using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Models;

namespace Swan.Packages.Tests;

/// <summary>What a user does with the packages, with the READMEs' own code.</summary>
public sealed class ConsumerTests(PackedRepository packed) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string OnnxRuntime => packed.Dependencies("Swan.MLNet")["Microsoft.ML.OnnxRuntime.Managed"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_project_with_nothing_but_the_package_embeds_images_exactly_as_the_repository_does()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"airport_{i}.png", seed: i);
        var consumer = new Consumer(_folder.FullName, packed, ("Swan.MLNet", packed.Version), ("Microsoft.ML.OnnxRuntime", OnnxRuntime));
        string[] readme = packed.ReadmeCode("Swan.MLNet").Split("\n\n", 2);
        consumer.Write("Program.cs", readme[0] + """


            const int Threads = 8;
            using var together = new Barrier(Threads);
            var found = new SwanModel[Threads];
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
            {
                together.SignalAndWait();
                found[i] = SwanModel.Default;
            }))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
            Console.WriteLine($"instances {found.Distinct().Count()}");

            """ + readme[1] + """
            foreach ((string path, float[] vector) in embedded.GetColumn<string>("ImagePath").Zip(embedded.GetColumn<float[]>("Embedding")))
                Console.WriteLine(FormattableString.Invariant($"vector {path} {string.Join(' ', vector.Select(v => BitConverter.SingleToInt32Bits(v)))}"));
            Console.WriteLine($"model {SwanModel.Default.Card.Identity!.Fingerprint}");
            """);
        consumer.Build();
        string[] lines = consumer.Run().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable(Directory.GetFiles(images).Select(path => new { ImagePath = path }));
        using var own = (IDisposable)new EstimatorChain<ITransformer>().AppendSwanEmbedding(ml, "Embedding", "ImagePath").Fit(rows);
        IDataView embedded = ((ITransformer)own).Transform(rows);
        string[] expected =
        [
            .. embedded.GetColumn<string>("ImagePath").Zip(embedded.GetColumn<float[]>("Embedding"),
                (path, vector) => $"vector images/{Path.GetFileName(path)} {string.Join(' ', vector.Select(v => BitConverter.SingleToInt32Bits(v).ToString(CultureInfo.InvariantCulture)))}"),
        ];
        Assert.Equal(3, expected.Length);
        Assert.Equal(expected.Order(StringComparer.Ordinal), lines.Where(l => l.StartsWith("vector ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(3, lines.Count(l => System.Text.RegularExpressions.Regex.IsMatch(l, @"^-?\d\.\d\d  images/airport_\d\.png$"))); // as the README shows
        Assert.Contains("instances 1", lines); // of threads that asked first at the same time
        Assert.Contains($"model {SwanModel.Default.Card.Identity!.Fingerprint}", lines);

        Assert.Contains($"Swan.MLNet/{packed.Version}", consumer.Closure);
        Assert.Contains(consumer.Closure, l => l.StartsWith("SkiaSharp.NativeAssets.Linux.NoDependencies/2.88", StringComparison.Ordinal));
        Assert.DoesNotContain(consumer.Closure, l => l.Contains("torch", StringComparison.OrdinalIgnoreCase) || l.StartsWith("Swan.Training", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_project_of_one_line_is_the_swan_command_and_trains_a_model_that_the_repository_opens()
    {
        var consumer = new Consumer(
            _folder.FullName, packed, ("Swan.Training", packed.Version), ("TorchSharp-cpu", packed.Dependencies("Swan.Training")["TorchSharp"]), ("Microsoft.ML.OnnxRuntime", OnnxRuntime));
        consumer.Write("Program.cs", packed.ReadmeCode("Swan.Training"));
        // The README's other code, which a program without a command would have: it has to compile.
        string[] library = packed.ReadmeCode("Swan.Training", block: 1).Split("\n\n", 2);
        consumer.Write("Library.cs", $"{library[0]}\n\ninternal static class Library\n{{\n    public static void Train()\n    {{\n{library[1]}\n    }}\n}}\n");
        consumer.Build();

        string built = Path.Combine(Repository.Root, "Swan.Training", "bin", Repository.Configuration, "net10.0", System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, "Swan.Training.dll");
        Assert.Equal(FileVersionInfo.GetVersionInfo(built).ProductVersion, consumer.Run("--version").Trim());

        string data = Directory.CreateDirectory(_folder.File("data")).FullName;
        Directory.CreateDirectory(Path.Combine(data, "images"));
        WriteList(data, "train.jsonl", first: 0, count: 6);
        WriteList(data, "val.jsonl", first: 6, count: 3);
        consumer.Write("tiny.json", """
            {"network": {"backbone": "small_convnet", "imageSize": 64, "embeddingSize": 16, "salientChannels": 4, "wsaHeads": 2, "wordDimension": 8},
             "epochs": 1, "batchSize": 3, "minWordCount": 1, "device": "cpu", "threads": 1}
            """);
        consumer.Run("train", "--data", data, "--out", "run", "--config", "tiny.json");
        consumer.Run("export", "--run", "run", "--out", "model.swan");
        using SwanModel model = SwanModel.Open(_folder.File("model.swan"));
        Assert.Equal(16, model.EmbedCaption("a green forest").Length);
    }

    [Fact]
    public void The_batch_package_embeds_a_folder_as_its_readme_says()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"airport_{i}.png", seed: i);
        var consumer = new Consumer(_folder.FullName, packed, ("Swan.Batch", packed.Version), ("Microsoft.ML.OnnxRuntime", OnnxRuntime));
        consumer.Write("Program.cs", packed.ReadmeCode("Swan.Batch"));
        consumer.Build();
        Assert.Equal("3 rows, 0 % of them bad", consumer.Run().Trim());
        Assert.True(File.Exists(_folder.File("embeddings-of-images/embeddings/shard-00000-of-00001-chunk-000000.parquet")));
    }

    private static void WriteList(string folder, string list, int first, int count)
    {
        File.WriteAllLines(Path.Combine(folder, list), Enumerable.Range(first, count).Select(i =>
        {
            TinyImages.Write(Path.Combine(folder, "images"), $"forest_{i}.png", seed: i, width: 64, height: 64);
            return JsonSerializer.Serialize(new { image = $"forest_{i}.png", scene = "forest", captions = new[] { $"a green forest number {i}" } });
        }));
    }
}
