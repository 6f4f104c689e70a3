using Parquet;
using Parquet.Schema;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Sources;

/// <summary>A test's folder with manifests in it.</summary>
internal sealed class ManifestFolder : IDisposable
{
    public BatchFolder Folder { get; } = new();

    /// <summary>What images that manifests name are read from.</summary>
    public MadeStore Web { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        Web.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Csv(string header, params string[] rows)
    {
        string path = Folder.File("manifest.csv");
        File.WriteAllLines(path, [header, .. rows]);
        return path;
    }

    public async Task<string> ParquetAsync(DataField[] fields, params Func<ParquetRowGroupWriter, Task>[] groups)
    {
        string path = Folder.File("manifest.parquet");
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. fields]), file);
        foreach (Func<ParquetRowGroupWriter, Task> write in groups)
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await write(group);
        }
        return path;
    }

    // A seed below 0: no image.
    public Task<string> BytesAsync(params (string Key, int Seed, string Label)[][] groups)
    {
        DataField[] fields = [new DataField<string>("key", nullable: false), new DataField<byte[]>("bytes", nullable: true),
            new DataField<string>("label", nullable: false)];
        return ParquetAsync(fields, [.. groups.Select(rows => (Func<ParquetRowGroupWriter, Task>)(async group =>
        {
            await group.WriteAsync(fields[0], rows.Select(r => r.Key).ToArray());
            await group.WriteAsync(fields[1], rows.Select(r => r.Seed < 0 ? null! : MadePictures.Of(r.Seed)).ToArray());
            await group.WriteAsync(fields[2], rows.Select(r => r.Label).ToArray());
        }))]);
    }

    public Task<ManifestSource> OpenAsync(string manifest, ManifestColumns? columns = null) => ManifestSource.OpenAsync(
        new FolderStore(Path.GetDirectoryName(manifest)!), Path.GetFileName(manifest), columns, Folder.Images, restrict: true, Web,
        Token);

    public async Task<BatchReport> RunAsync(string manifest, ManifestColumns? columns = null, Action<BatchJobOptions>? set = null)
    {
        using ManifestSource source = await OpenAsync(manifest, columns);
        return await Folder.RunAsync(o =>
        {
            o.Source = source;
            set?.Invoke(o);
        });
    }

    // Of the rows that count.
    public async Task<string?[][]> KeptAsync(params string[] columns)
    {
        using var store = new FolderStore(Folder.Out);
        var rows = new List<string?[]>();
        await foreach (BatchRow row in BatchJob.GetRowsAsync(store, Token))
        {
            if (row.File is null) continue;
            await using ParquetReader reader = await ParquetReader.CreateAsync(Path.Combine(Folder.Out, row.File));
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
            var values = new List<string?>();
            foreach (string column in columns)
            {
                string?[] read = new string?[group.RowCount];
                await group.ReadAsync(reader.Schema.FindDataField(column), read.AsMemory()!, cancellationToken: Token);
                values.Add(read[row.Row]);
            }
            rows.Add([.. values]);
        }
        return [.. rows];
    }
}
