using Microsoft.ML;
using Swan.Batch.Output;

namespace Swan.Batch.Jobs;

/// <summary>A pass over the rows of one chunk, as the pipeline gives them.</summary>
internal sealed class ScoredRows : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<long> _row;
    private readonly ValueGetter<ReadOnlyMemory<char>> _image, _error;

    /// <summary>Begins the pass.</summary>
    /// <param name="view">The pipeline's output.</param>
    /// <param name="columns">The columns to write.</param>
    public ScoredRows(IDataView view, IReadOnlyList<string> columns)
    {
        DataViewSchema schema = view.Schema;
        string[] own = [BatchSteps.RowColumn, BatchSteps.ImageColumn, BatchSteps.ErrorColumn];
        Columns = [.. columns.Select(name => ChunkColumn.Create(schema[name])!)];
        _cursor = view.GetRowCursor([.. own.Concat(columns).Distinct(StringComparer.Ordinal).Select(name => schema[name])]);
        foreach (ChunkColumn column in Columns) column.Bind(_cursor);
        _row = _cursor.GetGetter<long>(schema[BatchSteps.RowColumn]);
        _image = _cursor.GetGetter<ReadOnlyMemory<char>>(schema[BatchSteps.ImageColumn]);
        _error = _cursor.GetGetter<ReadOnlyMemory<char>>(schema[BatchSteps.ErrorColumn]);
    }

    /// <summary>The columns to write, bound to this pass.</summary>
    public IReadOnlyList<ChunkColumn> Columns { get; }

    public long Row
    {
        get
        {
            long value = 0;
            _row(ref value);
            return value;
        }
    }

    public string Image => Text(_image);

    /// <summary>Empty in a good row.</summary>
    public string Error => Text(_error);

    public bool MoveNext() => _cursor.MoveNext();

    public void Dispose() => _cursor.Dispose();

    private static string Text(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> value = default;
        getter(ref value);
        return value.ToString();
    }
}
