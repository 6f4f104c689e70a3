using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>
/// A chunk's Parquet file: <c>row</c> (int64), <c>image</c> (string) and <c>embedding</c> (list&lt;float&gt;, none of it null), and in the file's key-value
/// metadata the model, the embedding size, the version and what the chunk holds.
/// </summary>
/// <remarks>Rows are kept until a row group is full, some 8 MB of embeddings, however large the chunk.</remarks>
internal sealed class EmbeddingsFile : IAsyncDisposable
{
    private const int FloatsPerGroup = 1 << 21;
    private const string JobKey = "swan.job", RowsKey = "swan.rows", BadKey = "swan.bad_rows";

    // A list, not a fixed-size binary: pandas, DuckDB, Spark and ML.NET's readers all know it, and its length is in the metadata.
    private static readonly DataField<long> Row = new("row");
    private static readonly DataField<string> Image = new("image", nullable: false);
    private static readonly DataField<float> Value = new("element");
    private static readonly ListField Embedding = new("embedding", Value);
    private static readonly ParquetSchema Schema = new(Row, Image, Embedding);

    // Random numbers: looking for repeated ones costs more than writing them.
    private static readonly ParquetOptions Options = new() { CompressionMethod = CompressionMethod.Snappy, DictionaryEncodingThreshold = 0, DictionaryEncodingSampleSize = 100 };

    private readonly ParquetWriter _writer;
    private readonly JobManifest _manifest;
    private readonly int _size;
    private readonly List<long> _rows = [];
    private readonly List<string> _images = [];

    // _values[r * D + d]. Parquet's repetition levels are 0 where a row's list begins, else 1; its definition levels say that nothing is null.
    private readonly float[] _values;
    private readonly int[] _repetition;
    private readonly int[] _definition;

    private EmbeddingsFile(ParquetWriter writer, JobManifest manifest)
    {
        (_writer, _manifest, _size) = (writer, manifest, manifest.EmbeddingSize);
        int capacity = Math.Max(1, Math.Min(manifest.Chunk, FloatsPerGroup / _size));
        _values = new float[capacity * _size];
        _repetition = new int[_values.Length];
        for (int i = 0; i < _repetition.Length; i++) _repetition[i] = i % _size == 0 ? 0 : 1;
        _definition = new int[_values.Length];
        Array.Fill(_definition, Value.MaxDefinitionLevel);
    }

    public static async Task<EmbeddingsFile> Create(Stream stream, JobManifest manifest) => new(await ParquetWriter.CreateAsync(Schema, stream, Options), manifest);

    public async ValueTask Add(long row, string image, ReadOnlyMemory<float> embedding)
    {
        embedding.CopyTo(_values.AsMemory(_rows.Count * _size, _size));
        _rows.Add(row);
        _images.Add(image);
        if (_rows.Count * _size == _values.Length) await WriteGroup();
    }

    /// <summary>Writes what is left, and the metadata.</summary>
    public async Task Finish(Tally tally)
    {
        if (_rows.Count > 0) await WriteGroup();
        _writer.CustomMetadata = new Dictionary<string, string>
        {
            ["swan.model_name"] = _manifest.ModelName,
            ["swan.model_fingerprint"] = _manifest.ModelFingerprint,
            ["swan.embedding_size"] = $"{_size}",
            ["swan.rotations"] = $"{_manifest.Rotations}",
            ["swan.version"] = JobManifest.CurrentSwanVersion,
            ["swan.root"] = _manifest.Root,
            [JobKey] = _manifest.Job,
            [RowsKey] = $"{tally.Rows}",
            [BadKey] = JsonSerializer.Serialize(tally.Reasons),
        };
    }

    /// <summary>What a finished chunk holds, good and bad rows; null where the file is no such chunk.</summary>
    /// <exception cref="UnusableException">It is another job's.</exception>
    public static async Task<Tally?> Read(string path, JobManifest manifest)
    {
        Dictionary<string, string> found;
        try
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(path);
            found = reader.CustomMetadata;
            if (!found.ContainsKey(JobKey)) return null;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            return null; // a damaged file can fail in any way
        }

        return found[JobKey] == manifest.Job
            ? new Tally(long.Parse(found[RowsKey]), JsonSerializer.Deserialize<Dictionary<string, long>>(found[BadKey])!)
            : throw new UnusableException($"'{path}' belongs to another job ({found[JobKey]}; this is {manifest.Job}) than the manifest beside it. Nothing was changed. Give --out another folder.");
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task WriteGroup()
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        int values = _rows.Count * _size;
        await group.WriteAsync<long>(Row, _rows.ToArray());
        await group.WriteAsync(Image, _images);
        await group.WriteAllPartsAsync<float>(Value, _values.AsMemory(0, values), _definition.AsMemory(0, values), _repetition.AsMemory(0, values), CancellationToken.None);
        group.CompleteValidate();
        _rows.Clear();
        _images.Clear();
    }
}
