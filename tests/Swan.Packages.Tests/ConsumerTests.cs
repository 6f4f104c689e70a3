using System.Globalization;
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
        consumer.Write("Program.cs", "using Microsoft.ML.Data;\n" + readme[0] + """


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
            {
                string bits = string.Join(' ', vector.Select(v => BitConverter.SingleToInt32Bits(v)));
                Console.WriteLine(FormattableString.Invariant($"vector {path} {bits}"));
            }
            Console.WriteLine($"model {SwanModel.Default.Card.Identity!.Fingerprint}");
            """);
        consumer.Build();
        string[] lines = consumer.Run().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable(Directory.GetFiles(images).Select(path => new { ImagePath = path }));
        using var own = (IDisposable)ml.Transforms.SwanEmbedding("Embedding", "ImagePath").Fit(rows);
        IDataView embedded = ((ITransformer)own).Transform(rows);
        string[] expected =
        [
            .. embedded.GetColumn<string>("ImagePath").Zip(embedded.GetColumn<float[]>("Embedding"),
                (path, vector) =>
                    $"vector images/{Path.GetFileName(path)} "
                    + $"{string.Join(' ', vector.Select(v => BitConverter.SingleToInt32Bits(v).ToString(CultureInfo.InvariantCulture)))}"),
        ];
        Assert.Equal(3, expected.Length);
        Assert.Equal(expected.Order(StringComparer.Ordinal),
            lines.Where(l => l.StartsWith("vector ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        // as the README shows
        Assert.Equal(3, lines.Count(l => System.Text.RegularExpressions.Regex.IsMatch(l, @"^-?\d\.\d\d  images/airport_\d\.png$")));
        Assert.Contains("instances 1", lines); // of threads that asked first at the same time
        Assert.Contains($"model {SwanModel.Default.Card.Identity!.Fingerprint}", lines);

        Assert.Contains($"Swan.MLNet/{packed.Version}", consumer.Closure);
        Assert.Contains(consumer.Closure, l => l.StartsWith("SkiaSharp.NativeAssets.Linux.NoDependencies/2.88", StringComparison.Ordinal));
        Assert.DoesNotContain(consumer.Closure,
            l => l.Contains("torch", StringComparison.OrdinalIgnoreCase) || l.StartsWith("Swan.Training", StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_of_the_repositorys_readme_searches_the_folder_that_it_names()
    {
        const string Images = "quickstart-out/scenes/images";
        string images = Directory.CreateDirectory(_folder.File(Images)).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"beach_{i}.png", seed: i);
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        foreach (string text in (string[])[readme, packed.Text("Swan.MLNet", "README.md")])
            Assert.Contains($"`#:package Microsoft.ML.OnnxRuntime@{OnnxRuntime}`", text, StringComparison.Ordinal);
        string[] lines = RunFile(PackedRepository.CodeOf(readme), "Swan.MLNet");
        Assert.All(lines, line => Assert.Matches($@"^-?\d\.\d\d  {Images}/beach_\d\.png$", line));
        Assert.Equal(3, lines.Distinct().Count());
    }

    [Fact]
    public void A_new_project_with_the_readmes_code_trains_a_model_that_the_repository_opens()
    {
        var consumer = new Consumer(
            _folder.FullName, packed, ("Swan.Training", packed.Version),
            ("TorchSharp-cpu", packed.Dependencies("Swan.Training")["TorchSharp"]), ("Microsoft.ML.OnnxRuntime", OnnxRuntime));
        TinyTraining.Write(Directory.CreateDirectory(_folder.File("data")).FullName);
        const string Options = "plan.Options";
        string readme = packed.ReadmeCode("Swan.Training");
        Assert.Contains(Options, readme, StringComparison.Ordinal);
        consumer.Write("Program.cs", readme.Replace(Options, "SwanTrainerOptionsJson.Load(\"data/tiny.json\")", StringComparison.Ordinal));
        consumer.Build();
        consumer.Run();
        using SwanModel model = SwanModel.Open(_folder.File("model.swan"));
        Assert.Equal(TinyTraining.EmbeddingSize, model.EmbedCaption("a green forest").Length);
        foreach (string commandLine in (string[])["System.CommandLine/", "Spectre.Console/"])
            Assert.DoesNotContain(consumer.Closure, l => l.StartsWith(commandLine, StringComparison.Ordinal));
    }

    [Fact]
    public void The_batch_package_embeds_a_folder_as_its_readme_says()
    {
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, $"airport_{i}.png", seed: i);
        Assert.Equal(["3 rows, 0 % of them bad; 0 unchanged"], RunFile(packed.ReadmeCode("Swan.Batch"), "Swan.Batch"));
        string file = Assert.Single(Directory.GetFiles(_folder.File("embeddings-of-images/embeddings"), "*", SearchOption.AllDirectories));
        string[] lines = RunFile(packed.ReadmeCode("Swan.Batch", block: 1), "Swan.Batch");
        string name = Path.GetRelativePath(_folder.File("embeddings-of-images"), file);
        Assert.Equal(Enumerable.Range(0, 3).Select(i => $"airport_{i}.png: row {i} of {name}"), lines);
    }

    [Fact]
    public void The_package_of_object_stores_writes_once_as_its_readme_says()
    {
        Assert.Equal(
            ["notes/a.txt, 15 bytes: seen from above (False)"], RunFile(packed.ReadmeCode("Swan.ObjectStores"), "Swan.ObjectStores"));
    }

    [Fact]
    public void The_packages_of_scenes_and_of_the_vector_store_search_as_their_readmes_say()
    {
        string scenes = Directory.CreateDirectory(_folder.File("scenes")).FullName;
        var scene = new WrittenTiff(300, 300, 3, 8, (x, y, band) => (x * 3 + y * 5 + band * 40) % 256);
        File.WriteAllBytes(Path.Combine(scenes, "scene.tif"), scene.Write());
        string images = Directory.CreateDirectory(_folder.File("images")).FullName;
        for (int i = 0; i < 3; i++) TinyImages.Write(images, i == 0 ? "bridge_0.png" : $"port_{i}.png", seed: i);
        // Three programs in one, which saves two builds: the namespaces come first, and a type last.
        string[] programs = [packed.ReadmeCode("Swan.Geo"), packed.ReadmeCode("Swan.Geo", block: 1), packed.ReadmeCode("Swan.VectorData")];
        ILookup<bool, string> parts = programs.SelectMany(program => program.Split('\n'))
            .ToLookup(line => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('='));
        string[] lines = RunFile(string.Join('\n', parts[true].Distinct().Concat(parts[false])), "Swan.Geo", "Swan.VectorData");

        Assert.True(lines.Length > 2);
        Assert.All(lines[..^2], line => Assert.Matches(@"^-?\d\.\d\d    scene\.tif$", line));
        Assert.True(File.Exists(_folder.File("bridges.gpkg")));
        Assert.All(lines[^2..], line => Assert.Matches(@"^-?\d\.\d\d  images/port_\d\.png$", line));
        Assert.True(File.Exists(_folder.File("store/tiles/manifest.json")));
    }

    // As a file-based app, with the packages that the READMEs name and nothing else.
    private string[] RunFile(string code, params string[] packages)
    {
        var consumer = new Consumer(_folder.FullName, packed);
        string references = string.Concat(packages.Select(package => $"#:package {package}@{packed.Version}\n"));
        consumer.Write("app.cs", $"{references}#:package Microsoft.ML.OnnxRuntime@{OnnxRuntime}\n#:property NuGetAudit=false\n{code}");
        return consumer.RunFile("app.cs").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
