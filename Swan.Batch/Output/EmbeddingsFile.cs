using Parquet;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>
/// A shard's Parquet file: <c>row</c> (int64), <c>image</c> and <c>hash</c> (string) and the pipeline's columns (<c>embedding</c>:
/// list&lt;float&gt;, none of it null), and key-value metadata.
/// </summary>
/// <remarks>Rows are kept until a row group is full, some 8 MB of values, however large the shard.</remarks>
internal sealed class EmbeddingsFile : IAsyncDisposable
{
    private static readonly DataField<long> Row = new(BatchSteps.RowColumn);
    private static readonly DataField<string> Image = new(BatchSteps.ImageColumn, nullable: false);
    private static readonly DataField<string> Hash = new(BatchSteps.HashColumn, nullable: false);

    private readonly ParquetWriter _writer;
    private readonly Stream _stream;
    private readonly IReadOnlyList<OutputColumn> _columns;
    private readonly IReadOnlyList<ManifestValues> _kept;
    private readonly int _groupRows;
    private readonly List<long> _rows = [];
    private readonly List<string> _images = [], _hashes = [];
    private bool _isWritten;

    private EmbeddingsFile(
        ParquetWriter writer, Stream stream, IReadOnlyList<OutputColumn> columns, IReadOnlyList<ManifestValues> kept, int groupRows)
    {
        (_writer, _stream, _columns, _kept, _groupRows) = (writer, stream, columns, kept, groupRows);
        foreach (OutputColumn column in columns) column.Reserve(_groupRows);
    }

    /// <summary>Rows so far.</summary>
    public int Count { get; private set; }

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where it goes, and can be read; not closed.</param>
    /// <param name="columns">The columns after <c>row</c>, <c>image</c> and <c>hash</c>, new ones: they hold the rows of a group.</param>
    /// <param name="kept">The columns after those.</param>
    /// <param name="metadata">Names and texts.</param>
    /// <param name="mostRows">No more rows come.</param>
    public static async Task<EmbeddingsFile> CreateAsync(
        Stream stream, IReadOnlyList<OutputColumn> columns, IReadOnlyList<ManifestValues> kept,
        IReadOnlyDictionary<string, string> metadata, int mostRows)
    {
        int width = columns.Where(c => c.Width > 1).Sum(c => c.Width);
        int groupRows = Math.Max(1, Math.Min(mostRows, RowGroups.Values / Math.Max(1, width)));
        var schema = new ParquetSchema([Row, Image, Hash, .. columns.Select(c => c.Field), .. kept.Select(c => c.Field)]);
        ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream, RowGroups.Options).ConfigureAwait(false);
        writer.CustomMetadata = new Dictionary<string, string>(metadata)
        {
            [ArrowSchema.Name] = ArrowSchema.Of(
                [(Row, 1), (Image, 1), (Hash, 1), .. columns.Select(c => (c.Field, c.Width)), .. kept.Select(c => ((Field)c.Field, 1))]),
        };
        return new EmbeddingsFile(writer, stream, columns, kept, groupRows);
    }

    /// <summary>Takes a row, and its other values from what the columns are bound to.</summary>
    public async ValueTask AddAsync(long row, string image, string hash, string?[] kept)
    {
        for (int i = 0; i < _kept.Count; i++) _kept[i].Add(kept[i]);
        foreach (OutputColumn column in _columns) column.Add();
        _rows.Add(row);
        _images.Add(image);
        _hashes.Add(hash);
        Count++;
        if (_rows.Count == _groupRows) await WriteGroupAsync().ConfigureAwait(false);
    }

    /// <summary>Writes what is left: the file is whole then.</summary>
    public async Task FinishAsync()
    {
        if (_rows.Count > 0) await WriteGroupAsync().ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
        await WrittenFile.CorrectAsync(
            _stream, [.. _columns.Select(c => c.Ranges).OfType<IReadOnlyList<(Half, Half)>>()], CancellationToken.None)
            .ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isWritten) return;
        _isWritten = true;
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteGroupAsync()
    {
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        await group.WriteAsync<long>(Row, _rows.ToArray()).ConfigureAwait(false);
        await group.WriteAsync(Image, _images).ConfigureAwait(false);
        await group.WriteAsync(Hash, _hashes).ConfigureAwait(false);
        foreach (OutputColumn column in _columns) await column.WriteAsync(group).ConfigureAwait(false);
        foreach (ManifestValues column in _kept) await column.WriteAsync(group).ConfigureAwait(false);
        group.CompleteValidate();
        _rows.Clear();
        _images.Clear();
        _hashes.Clear();
    }
}
