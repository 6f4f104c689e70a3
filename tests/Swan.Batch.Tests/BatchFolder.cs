using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Tests;

/// <summary>A test's own folder: tiny model, tiny images, and what jobs wrote.</summary>
internal sealed class BatchFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BatchFolder()
    {
        Model = TinyModel.Write(_folder.FullName);
        Images = Directory.CreateDirectory(_folder.File("images")).FullName;
        Out = _folder.File("out");
    }

    public string Model { get; }

    public string Images { get; }

    public string Out { get; }

    public string[] Chunks => Directory.Exists(Path.Combine(Out, "embeddings"))
        ? Directory.GetFiles(Path.Combine(Out, "embeddings"), "*.parquet").Order(StringComparer.Ordinal).ToArray()
        : [];

    public string[] BadFiles => Directory.GetFiles(Path.Combine(Out, "bad"));

    /// <summary>Temporary files of any kind, hidden ones included.</summary>
    public string[] Temporaries =>
        Directory.GetFiles(Out, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    public string File(string name) => _folder.File(name);

    /// <summary>Draws <paramref name="count"/> images, each different, and gives back their names.</summary>
    public string[] Draw(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"{i:D3}.png")];
        for (int i = 0; i < count; i++) TinyImages.Write(Images, names[i], seed: i);
        return names;
    }

    /// <summary>Writes a list file.</summary>
    public string List(IEnumerable<string> lines, string name = "list.txt")
    {
        System.IO.File.WriteAllLines(File(name), lines);
        return File(name);
    }

    /// <summary>The arguments of a job over a list, whose paths start from <see cref="Images"/>.</summary>
    public string[] Job(string list, int chunk, params string[] more) => JobInto(Out, list, chunk, more);

    /// <summary>The same with another output folder.</summary>
    public string[] JobInto(string output, string list, int chunk, params string[] more) =>
        ["--model", Model, "--list", list, "--root", Images, "--out", output, "--chunk", $"{chunk}", .. more];

    /// <summary>The rows of all chunks in <paramref name="folder"/>, by the chunks' names.</summary>
    public static List<EmbeddedImage> Rows(string folder)
    {
        var rows = new List<EmbeddedImage>();
        foreach (string chunk in Directory.GetFiles(Path.Combine(folder, "embeddings"), "*.parquet").Order(StringComparer.Ordinal))
            rows.AddRange(Read(chunk).Result);
        return rows;
    }

    public List<EmbeddedImage> Rows() => Rows(Out);

    /// <summary>The lines of all side files.</summary>
    public static List<BadImage> BadRows(string folder) =>
    [
        .. Directory.GetFiles(Path.Combine(folder, "bad")).SelectMany(System.IO.File.ReadAllLines).Select(line => JsonNode.Parse(line)!)
            .Select(n => new BadImage((long)n["row"]!, (string)n["image"]!, (string)n["reason"]!, (string)n["message"]!)),
    ];

    public List<BadImage> BadRows() => BadRows(Out);

    public static async Task<Dictionary<string, string>> Metadata(string chunk)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(chunk);
        return reader.CustomMetadata;
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<List<EmbeddedImage>> Read(string chunk)
    {
        var rows = new List<EmbeddedImage>();
        await using ParquetReader reader = await ParquetReader.CreateAsync(chunk);
        DataField[] fields = reader.Schema.GetDataFields();
        Assert.Equal(["row", "image", "embedding/list/element"], fields.Select(f => f.Path.ToString()));
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            int count = (int)group.RowCount;
            long[] numbers = new long[count];
            string[] images = new string[count];
            await group.ReadAsync<long>(fields[0], numbers);
            await group.ReadAsync(fields[1], images);
            float[] values = new float[count * TinyModel.EmbeddingSize];
            int[] repetition = new int[values.Length], definition = new int[values.Length];
            await group.ReadRawAsync<float>(fields[2], values, definition, repetition);
            Assert.All(repetition, (level, i) => Assert.Equal(i % TinyModel.EmbeddingSize == 0 ? 0 : 1, level));
            for (int r = 0; r < count; r++)
            {
                rows.Add(new EmbeddedImage(
                    numbers[r], images[r], values[(r * TinyModel.EmbeddingSize)..((r + 1) * TinyModel.EmbeddingSize)]));
            }
        }
        return rows;
    }
}

internal sealed record EmbeddedImage(long Row, string Image, float[] Embedding);

internal sealed record BadImage(long Row, string Image, string Reason, string Message);
