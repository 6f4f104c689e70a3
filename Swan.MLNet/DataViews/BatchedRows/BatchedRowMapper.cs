using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>
/// Columns that are added to a row, each computed from other columns of that row, many rows at a time where the source allows.
/// </summary>
/// <remarks>
/// One description serves both faces of an ML.NET transformer: <see cref="View"/> for data views (batches) and <see cref="RowMapper"/>
/// for prediction engines (one row). Immutable and safe for concurrent use; each cursor gets a <see cref="RowPass"/> of its own.
/// </remarks>
internal abstract class BatchedRowMapper
{
    /// <summary>Describes what is added.</summary>
    /// <param name="input">The rows' schema.</param>
    /// <param name="reads">The columns of <paramref name="input"/> that the added ones are computed from.</param>
    /// <param name="adds">The added columns, in order.</param>
    /// <param name="batchSize">The most rows that are computed together, at least 1.</param>
    protected BatchedRowMapper(
        DataViewSchema input,
        IReadOnlyList<DataViewSchema.Column> reads,
        IReadOnlyList<DataViewSchema.DetachedColumn> adds,
        int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        InputSchema = input;
        Reads = reads;
        BatchSize = batchSize;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (DataViewSchema.DetachedColumn column in adds) builder.AddColumn(column.Name, column.Type, column.Annotations);
        OutputSchema = builder.ToSchema();
    }

    /// <summary>The schema of the rows that come in.</summary>
    public DataViewSchema InputSchema { get; }

    /// <summary><see cref="InputSchema"/> and, after it, the added columns.</summary>
    public DataViewSchema OutputSchema { get; }

    /// <summary>The columns that the added ones are computed from.</summary>
    public IReadOnlyList<DataViewSchema.Column> Reads { get; }

    /// <summary>The most rows that are computed together.</summary>
    public int BatchSize { get; }

    /// <summary>Whether a batch may drop rows (<see cref="RowBatch.Drops"/>).</summary>
    /// <remarks>Then every row is computed, whichever columns are read, and there is no row mapper.</remarks>
    public virtual bool DropsRows => false;

    /// <summary>The first added column's index in <see cref="OutputSchema"/>.</summary>
    public int FirstAdded => InputSchema.Count;

    /// <summary>Begins a pass over rows.</summary>
    /// <param name="row">Where the pass reads; <see cref="Reads"/> are active in it.</param>
    public abstract RowPass Begin(DataViewRow row);

    /// <summary>The data with the columns added, computed when they are read.</summary>
    public IDataView View(IDataView source) => new BatchedRowView(this, source);

    /// <summary>The same, one row at a time.</summary>
    public IRowToRowMapper RowMapper() => new SingleRowMapper(this);

    /// <summary>Which columns of <see cref="OutputSchema"/> are asked for, by index.</summary>
    internal bool[] Active(IEnumerable<DataViewSchema.Column> columns) => ActiveColumns.Of(OutputSchema, columns);

    /// <summary>The input's columns that are needed: the active ones, and <paramref name="besides"/>.</summary>
    internal List<DataViewSchema.Column> Needed(bool[] active, IEnumerable<DataViewSchema.Column> besides)
    {
        bool[] needed = active[..FirstAdded];
        foreach (DataViewSchema.Column column in besides) needed[column.Index] = true;
        return [.. InputSchema.Where(c => needed[c.Index])];
    }

    /// <summary>Whether a cursor with these columns computes anything.</summary>
    internal bool Computes(bool[] active) => DropsRows || AnyAdded(active);

    /// <summary>Whether an added column is active.</summary>
    internal bool AnyAdded(bool[] active) => active.AsSpan(FirstAdded).Contains(true);
}
