using System.Globalization;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>
/// A chunk's Parquet file: <c>row</c> (int64), <c>image</c> (string) and the pipeline's columns (<c>embedding</c>: list&lt;float&gt;,
/// none of it null), and in the file's key-value metadata the model, the embedding size, the version and what the chunk holds.
/// </summary>
/// <remarks>Rows are kept until a row group is full, some 8 MB of values, however large the chunk.</remarks>
internal sealed class ChunkFile : IAsyncDisposable
{
    private const int ValuesPerGroup = 1 << 21;
    private const string JobKey = "swan.job", RowsKey = "swan.rows", BadKey = "swan.bad_rows";

    private static readonly DataField<long> Row = new(BatchSteps.RowColumn);
    private static readonly DataField<string> Image = new(BatchSteps.ImageColumn, nullable: false);

    // Random numbers: looking for repeated ones costs more than writing them.
    private static readonly ParquetOptions Options =
        new() { CompressionMethod = CompressionMethod.Snappy, DictionaryEncodingThreshold = 0, DictionaryEncodingSampleSize = 100 };

    private readonly ParquetWriter _writer;
    private readonly JobManifest _manifest;
    private readonly IReadOnlyList<ChunkColumn> _columns;
    private readonly int _groupRows;
    private readonly List<long> _rows = [];
    private readonly List<string> _images = [];

    private ChunkFile(ParquetWriter writer, JobManifest manifest, IReadOnlyList<ChunkColumn> columns)
    {
        (_writer, _manifest, _columns) = (writer, manifest, columns);
        int width = columns.Where(c => c.Width > 1).Sum(c => c.Width);
        _groupRows = Math.Max(1, Math.Min(manifest.Chunk, ValuesPerGroup / Math.Max(1, width)));
        foreach (ChunkColumn column in columns) column.Reserve(_groupRows);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where it goes; not closed.</param>
    /// <param name="manifest">The job's.</param>
    /// <param name="columns">The columns after <c>row</c> and <c>image</c>, new ones: they hold the rows of a group.</param>
    public static async Task<ChunkFile> CreateAsync(Stream stream, JobManifest manifest, IReadOnlyList<ChunkColumn> columns)
    {
        var schema = new ParquetSchema([Row, Image, .. columns.Select(c => c.Field)]);
        return new ChunkFile(await ParquetWriter.CreateAsync(schema, stream, Options).ConfigureAwait(false), manifest, columns);
    }

    /// <summary>Takes a row, and its other values from what the columns are bound to.</summary>
    public async ValueTask AddAsync(long row, string image)
    {
        foreach (ChunkColumn column in _columns) column.Add();
        _rows.Add(row);
        _images.Add(image);
        if (_rows.Count == _groupRows) await WriteGroupAsync().ConfigureAwait(false);
    }

    /// <summary>Writes what is left, and the metadata.</summary>
    public async Task FinishAsync(Tally tally)
    {
        if (_rows.Count > 0) await WriteGroupAsync().ConfigureAwait(false);
        var metadata = new Dictionary<string, string>
        {
            ["swan.model_name"] = _manifest.ModelName,
            ["swan.model_fingerprint"] = _manifest.ModelFingerprint,
            ["swan.embedding_size"] = $"{_manifest.EmbeddingSize}",
            ["swan.rotations"] = $"{_manifest.Rotations}",
            ["swan.version"] = JobManifest.CurrentSwanVersion,
            ["swan.root"] = _manifest.Root,
            [JobKey] = _manifest.Job,
            [RowsKey] = $"{tally.Rows}",
            [BadKey] = JsonSerializer.Serialize(tally.Reasons, JobJson.Default.IReadOnlyDictionaryStringInt64),
        };
        if (_manifest.Steps is { } steps) metadata["swan.steps"] = steps;
        _writer.CustomMetadata = metadata;
    }

    /// <summary>What a finished chunk holds, good and bad rows; null where the file is no such chunk.</summary>
    /// <exception cref="SwanBatchException">It is another job's.</exception>
    public static async Task<Tally?> ReadTallyAsync(string path, JobManifest manifest)
    {
        Dictionary<string, string> found;
        try
        {
            await using ParquetReader reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
            found = reader.CustomMetadata;
            if (!found.ContainsKey(JobKey)) return null;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            return null; // a damaged file can fail in any way
        }

        if (found[JobKey] != manifest.Job)
        {
            throw new SwanBatchException(
                $"'{path}' belongs to another job ({found[JobKey]}; this is {manifest.Job}) than the manifest beside it. "
                + "Nothing was changed. Choose another output folder.");
        }

        long rows = long.Parse(found[RowsKey], CultureInfo.InvariantCulture);
        return new Tally(rows, JsonSerializer.Deserialize(found[BadKey], JobJson.Default.DictionaryStringInt64)!);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task WriteGroupAsync()
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        await group.WriteAsync<long>(Row, _rows.ToArray()).ConfigureAwait(false);
        await group.WriteAsync(Image, _images).ConfigureAwait(false);
        foreach (ChunkColumn column in _columns) await column.WriteAsync(group).ConfigureAwait(false);
        group.CompleteValidate();
        _rows.Clear();
        _images.Clear();
    }
}
