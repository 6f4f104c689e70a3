using Parquet;
using Parquet.Schema;
using Swan.Batch.Output;
using Swan.Batch.Runs;
using Swan.Batch.Stores;

namespace Swan.Batch.Jobs;

/// <summary>Copies chosen rows of Parquet files of one schema into new ones, which become the shards of a run.</summary>
internal sealed class RowCopier : IAsyncDisposable
{
    private readonly RunStore _runs;
    private readonly string _id;
    private readonly ParquetSchema _schema;
    private readonly Dictionary<string, string> _metadata;
    private readonly CopiedColumn[] _columns;
    private FileStream? _file;
    private ParquetWriter? _writer;
    private int _held;

    /// <summary>Begins.</summary>
    /// <param name="runs">The job.</param>
    /// <param name="id">The run.</param>
    /// <param name="like">A file of the schema that all have.</param>
    /// <exception cref="SwanBatchException">A column can't be copied.</exception>
    public RowCopier(RunStore runs, string id, ParquetReader like)
    {
        (_runs, _id, _schema) = (runs, id, like.Schema);
        _metadata = new Dictionary<string, string>(like.CustomMetadata) { ["swan.run"] = id };
        _metadata.Remove("swan.shard");
        _columns = [.. _schema.Fields.Select(field => CopiedColumn.Create(field)
            ?? throw new SwanBatchException($"The column '{field.Name}' of the rows in '{runs.Objects.Address}' can't be copied."))];
    }

    /// <summary>Rows of the file in work.</summary>
    public int Count { get; private set; }

    /// <summary>Whether rows of such files go into the same ones.</summary>
    public bool Takes(ParquetSchema schema) => schema.Equals(_schema);

    /// <summary>Reads a row group, to choose rows of.</summary>
    public async Task ReadAsync(ParquetRowGroupReader group, CancellationToken cancellation)
    {
        foreach (CopiedColumn column in _columns) await column.ReadAsync(_schema, group, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a row of the group that was read.</summary>
    public async ValueTask AddAsync(int row)
    {
        if (_writer is null)
        {
            _file = LocalFile.Create();
            _writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. _columns.Select(c => c.Field)]), _file, RowGroups.Options)
                .ConfigureAwait(false);
            _writer.CustomMetadata = _metadata;
        }
        foreach (CopiedColumn column in _columns) column.Add(row);
        (Count, _held) = (Count + 1, _held + 1);
        if (_held * _columns.Sum(c => c.Width) >= RowGroups.Values) await WriteGroupAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the file in work: it becomes a shard that is done.</summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task EndFileAsync(int shard, CancellationToken cancellation)
    {
        if (_writer is null) return;
        if (_held > 0) await WriteGroupAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _writer = null;
        await WrittenFile.CorrectAsync(_file!, [.. _columns.Select(c => c.Ranges).OfType<IReadOnlyList<(Half, Half)>>()], cancellation)
            .ConfigureAwait(false);
        foreach (CopiedColumn column in _columns) column.BeginFile();
        string attempt = RunNames.NewAttempt();
        await _runs.Objects.WriteAsync(RunNames.Embeddings(_id, shard, attempt), _file!, cancellation).ConfigureAwait(false);
        await _file!.DisposeAsync().ConfigureAwait(false);
        (_file, Count) = (null, 0);
        // The state has the rows' places already; the shard itself embeds nothing.
        using var none = new LinesFile<StateLine>(RunJson.Line.StateLine);
        await none.WriteAsync(_runs.Objects, RunNames.Rows(_id, shard, attempt), cancellation).ConfigureAwait(false);
        var record = new ShardRecord(shard, attempt, 0, 0, new Dictionary<string, long>(), 0, 0, 0, DateTime.UtcNow);
        await _runs.CreateAsync(RunNames.Record(_id, shard), record, RunJson.Document.ShardRecord, cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync().ConfigureAwait(false);
        if (_file is not null) await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteGroupAsync()
    {
        using ParquetRowGroupWriter group = _writer!.CreateRowGroup();
        foreach (CopiedColumn column in _columns) await column.WriteAsync(group).ConfigureAwait(false);
        group.CompleteValidate();
        _held = 0;
    }
}
