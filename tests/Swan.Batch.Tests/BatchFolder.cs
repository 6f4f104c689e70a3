using System.Text.Json.Nodes;
using Microsoft.ML;
using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;
using Swan.Batch.Stores;

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

    /// <summary>The Parquet files of all runs.</summary>
    public string[] Parquets => Files("embeddings");

    /// <summary>The records of shards that are done, of all runs.</summary>
    public string[] Records =>
    [
        .. Files("runs").Where(file => file.Contains("/records/", StringComparison.Ordinal)
            && file.EndsWith(".json", StringComparison.Ordinal)),
    ];

    /// <summary>Temporary files of any kind, hidden ones included.</summary>
    public string[] Temporaries =>
        Directory.GetFiles(Out, "*.tmp", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    public string File(string name) => _folder.File(name);

    /// <summary>Draws <paramref name="count"/> images, each different, and gives back their names.</summary>
    public string[] Draw(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => $"{i:D3}.png")];
        for (int i = 0; i < count; i++) Draw(names[i], seed: i);
        return names;
    }

    /// <summary>Draws an image; each seed gives another one.</summary>
    public string Draw(string name, int seed) => TinyImages.Write(Images, name, seed);

    /// <summary>Writes a list file.</summary>
    public string List(IEnumerable<string> lines, string name = "list.txt")
    {
        System.IO.File.WriteAllLines(File(name), lines);
        return File(name);
    }

    /// <summary>The arguments of a job over a list, whose paths start from <see cref="Images"/>.</summary>
    public string[] Job(string list, int rowsPerShard, params string[] more) =>
        ["embed", "--model", Model, "--list", list, "--root", Images, "--out", Out, "--rows-per-shard", $"{rowsPerShard}", .. more];

    /// <summary>A job over the folder of images.</summary>
    public BatchJob Job(Action<BatchJobOptions>? set = null)
    {
        var options = new BatchJobOptions { Model = Model, Images = Images, Output = Out, MaxBadShare = 1, BatchSize = 4 };
        set?.Invoke(options);
        if (options.Source is not null) options.Images = null;
        if (options.Store is not null) options.Output = "";
        return new MLContext().Swan().Batch(options);
    }

    /// <summary>Runs a job over the folder of images.</summary>
    public Task<BatchReport> RunAsync(Action<BatchJobOptions>? set = null) =>
        Job(set).RunAsync(cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>The rows that count, with their vectors.</summary>
    public Task<List<JobRow>> RowsAsync() => RowsAsync(Out);

    /// <summary>The same, of files that have other columns, too.</summary>
    public Task<List<JobRow>> RowsAsync(string[] kept) => RowsAsync(Out, kept);

    /// <summary>The rows that count in <paramref name="output"/>, with their vectors.</summary>
    public static async Task<List<JobRow>> RowsAsync(string output, string[]? kept = null)
    {
        using var store = new FolderStore(output);
        var files = new Dictionary<string, List<JobRow>>();
        var rows = new List<JobRow>();
        await foreach (BatchRow row in BatchJob.GetRowsAsync(store, TestContext.Current.CancellationToken))
        {
            float[] embedding = [];
            if (row.File is { } file)
            {
                if (!files.TryGetValue(file, out List<JobRow>? held))
                    files[file] = held = await ReadAsync(Path.Combine(output, file), kept ?? []);
                Assert.Equal(row.Hash, held[row.Row].Hash);
                embedding = held[row.Row].Embedding;
            }
            rows.Add(new JobRow(row.Image, row.Hash, row.Fault, embedding));
        }
        return rows;
    }

    /// <summary>The lines of all files of bad rows.</summary>
    public List<BadImage> BadRows() =>
    [
        .. Files("bad").SelectMany(System.IO.File.ReadAllLines).Select(line => JsonNode.Parse(line)!)
            .Select(n => new BadImage((long)n["row"]!, (string)n["image"]!, (string)n["reason"]!, (string)n["message"]!)),
    ];

    public static async Task<Dictionary<string, string>> MetadataAsync(string parquet)
    {
        await using ParquetReader reader = await RowsFile.OpenAsync(parquet, TestContext.Current.CancellationToken);
        return reader.CustomMetadata;
    }

    /// <summary>The rows of a Parquet file, all of them good.</summary>
    public static async Task<List<JobRow>> ReadAsync(string parquet, params string[] kept)
    {
        var rows = new List<JobRow>();
        await using ParquetReader reader = await RowsFile.OpenAsync(parquet, TestContext.Current.CancellationToken);
        DataField[] fields = reader.Schema.GetDataFields();
        Assert.Equal(["row", "image", "hash", "embedding/list/element", .. kept], fields.Select(f => f.Path.ToString()));
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            int count = (int)group.RowCount;
            string[] images = new string[count], hashes = new string[count];
            await group.ReadAsync(fields[1], images);
            await group.ReadAsync(fields[2], hashes);
            float[] values = await FloatLists.ReadAsync(group, fields[3], TestContext.Current.CancellationToken);
            Assert.Equal(count * TinyModel.EmbeddingSize, values.Length);
            for (int r = 0; r < count; r++)
            {
                rows.Add(new JobRow(
                    images[r], hashes[r], null, values[(r * TinyModel.EmbeddingSize)..((r + 1) * TinyModel.EmbeddingSize)]));
            }
        }
        return rows;
    }

    /// <summary>All files of the job below a folder of it, in order.</summary>
    public string[] Files(string below = "") => Directory.Exists(Path.Combine(Out, below))
        ? [.. Directory.GetFiles(Path.Combine(Out, below), "*", SearchOption.AllDirectories)
            .Select(file => file.Replace('\\', '/')).Order(StringComparer.Ordinal)]
        : [];

    public void Dispose() => _folder.Dispose();
}

/// <summary>A row that counts.</summary>
internal sealed record JobRow(string Image, string? Hash, string? Fault, float[] Embedding)
{
    /// <summary>All of it, to compare bit by bit.</summary>
    public string Text => $"{Image} {Hash} {Fault} {string.Join(',', Embedding.Select(BitConverter.SingleToInt32Bits))}";
}

internal sealed record BadImage(long Row, string Image, string Reason, string Message);
