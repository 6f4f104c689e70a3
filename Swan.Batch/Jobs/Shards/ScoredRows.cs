using Microsoft.ML;
using Swan.Batch.Output;

namespace Swan.Batch.Jobs;

/// <summary>A pass over some rows, as the steps after the embedding give them.</summary>
internal sealed class ScoredRows : IDisposable
{
    private readonly DataViewRowCursor _cursor;
    private readonly DataViewSchema _schema;
    private readonly IReadOnlyList<string> _columns;
    private readonly ValueGetter<long> _row;

    /// <summary>Begins the pass.</summary>
    /// <param name="view">The pipeline's output.</param>
    /// <param name="columns">The columns to write.</param>
    public ScoredRows(IDataView view, IReadOnlyList<string> columns)
    {
        (_schema, _columns) = (view.Schema, columns);
        string[] active = [BatchSteps.RowColumn, .. columns.Where(c => c != BatchSteps.RowColumn)];
        _cursor = view.GetRowCursor([.. active.Select(name => _schema[name])]);
        _row = _cursor.GetGetter<long>(_schema[BatchSteps.RowColumn]);
    }

    /// <summary>The number of the row that it stands on.</summary>
    public long Row
    {
        get
        {
            long value = 0;
            _row(ref value);
            return value;
        }
    }

    /// <summary>New columns of a file for what this pass gives.</summary>
    /// <param name="precision">That of embeddings.</param>
    public OutputColumn[] CreateColumns(BatchPrecision precision) =>
        [.. _columns.Select(name => OutputColumn.Create(_schema[name], precision)!)];

    /// <summary>Has columns take their values from here.</summary>
    public void Bind(IEnumerable<OutputColumn> columns)
    {
        foreach (OutputColumn column in columns) column.Bind(_cursor);
    }

    public bool MoveNext() => _cursor.MoveNext();

    public void Dispose() => _cursor.Dispose();
}
