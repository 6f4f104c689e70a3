using Parquet;
using Parquet.Schema;
using SyntheticScenes;

namespace Swan.Samples.Tests;

public sealed class BatchClassificationTests : IDisposable
{
    private static readonly string[] s_classes = ["beach", "roundabout", "stadium"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Images_get_the_class_of_the_examples_and_other_examples_are_another_job()
    {
        SceneFolder.Draw(_folder.File("drawn"), trainingImages: 72, heldOutImages: 0, seed: 3);
        string tiles = Directory.CreateDirectory(_folder.File("tiles")).FullName;
        foreach (string scene in s_classes)
        {
            string examples = Directory.CreateDirectory(_folder.File($"examples/{scene}")).FullName;
            for (int i = 1; i <= 4; i++) Take($"{scene}_{i}.jpg", examples);
            Take($"{scene}_5.jpg", tiles);
        }
        Take("farmland_5.jpg", tiles);

        (int code, _, string errors) = Run();
        Assert.True(code == 0, errors);
        string file = Assert.Single(Directory.GetFiles(_folder.File("out/embeddings"), "*.parquet", SearchOption.AllDirectories));
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        string[] images = await TextsAsync("image"), labels = await TextsAsync("label"), nearest = await TextsAsync("nearest");
        bool[] review = new bool[images.Length];
        await group.ReadAsync<bool>(Field("review"), review);
        for (int row = 0; row < images.Length; row++)
        {
            string scene = images[row].Split('_')[0];
            if (s_classes.Contains(scene)) Assert.Equal((images[row], scene), (images[row], labels[row]));
            else Assert.True(review[row], images[row]);
            Assert.StartsWith($"{labels[row]}/{labels[row]}_", nearest[row], StringComparison.Ordinal);
        }
        Assert.Equal(4, images.Length);

        Take("stadium_6.jpg", _folder.File("examples/stadium"));
        (code, _, errors) = Run();
        Assert.Equal(1, code);
        Assert.Contains("the steps after the embedding: was examples ", errors, StringComparison.Ordinal);

        DataField Field(string name) => reader.Schema.GetDataFields().Single(f => f.Name == name);
        async Task<string[]> TextsAsync(string name)
        {
            string?[] values = new string?[group.RowCount];
            await group.ReadAsync(Field(name), values.AsMemory());
            return [.. values.Select(v => v!)];
        }
    }

    [Fact]
    public void One_folder_of_examples_is_refused_with_what_is_expected()
    {
        string only = Directory.CreateDirectory(_folder.File("examples/beach")).FullName;
        for (int i = 0; i < 2; i++) TinyImages.Write(only, $"{i}.png", seed: i);
        (int code, _, string errors) = Run();
        Assert.Equal(1, code);
        Assert.Contains("has 1 folders with images; expected at least two", errors, StringComparison.Ordinal);
    }

    private void Take(string name, string folder) => File.Copy(_folder.File($"drawn/images/{name}"), Path.Combine(folder, name));

    private (int Code, string Output, string Errors) Run()
    {
        string program = Path.Combine(
            Repository.Output(Path.Combine("samples", "BatchClassification")), "BatchClassification.dll");
        string[] arguments = [program, _folder.File("tiles"), _folder.File("out"), _folder.File("examples")];
        return ChildProcess.Finish("dotnet", arguments);
    }
}
