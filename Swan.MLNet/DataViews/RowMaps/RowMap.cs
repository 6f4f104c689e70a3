using Microsoft.ML;
using Microsoft.ML.Data;

namespace Swan.MLNet.DataViews;

/// <summary>Columns that are added to a row, each computed from other columns of that row, many rows at a time where the source allows.</summary>
/// <remarks>
/// One description serves both faces of an ML.NET transformer: <see cref="View"/> for data views (batches) and <see cref="RowMapper"/>
/// for prediction engines (one row). Immutable and safe for concurrent use; each cursor gets a <see cref="RowBatch"/> of its own.
/// </remarks>
internal abstract class RowMap
{
    /// <summary>Describes the map.</summary>
    /// <param name="input">The rows' schema.</param>
    /// <param name="reads">The columns of <paramref name="input"/> that the added ones are computed from.</param>
    /// <param name="adds">The added columns, in order.</param>
    /// <param name="batchSize">Rows computed together, at least 1.</param>
    protected RowMap(
        DataViewSchema input, IReadOnlyList<DataViewSchema.Column> reads, IReadOnlyList<DataViewSchema.DetachedColumn> adds, int batchSize)
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

    /// <summary>Rows computed together.</summary>
    public int BatchSize { get; }

    /// <summary>Whether a batch may drop rows (<see cref="RowBatch.Drops"/>): then every row is computed, whichever columns are read, and there is no row mapper.</summary>
    public virtual bool DropsRows => false;

    /// <summary>The first added column's index in <see cref="OutputSchema"/>.</summary>
    public int FirstAdded => InputSchema.Count;

    /// <summary>Makes the working memory of one cursor.</summary>
    /// <param name="row">Where <see cref="RowBatch.Add"/> reads; <see cref="Reads"/> are active in it.</param>
    /// <param name="capacity">The most rows that are added before <see cref="RowBatch.Compute"/>.</param>
    public abstract RowBatch CreateBatch(DataViewRow row, int capacity);

    /// <summary>The data with the columns added, computed when they are read.</summary>
    public IDataView View(IDataView source) => new RowMapView(this, source);

    /// <summary>The same, one row at a time.</summary>
    public IRowToRowMapper RowMapper() => new RowMapMapper(this);

    /// <summary>Which columns of <see cref="OutputSchema"/> are asked for, by index.</summary>
    internal bool[] Active(IEnumerable<DataViewSchema.Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        bool[] active = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            if (column.Index >= active.Length || OutputSchema[column.Index].Name != column.Name)
                throw new ArgumentOutOfRangeException(nameof(columns), $"The column '{column.Name}' (index {column.Index}) is not of this schema: {OutputSchema}.");
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The input's columns that are needed: the active ones, and <paramref name="besides"/>.</summary>
    internal List<DataViewSchema.Column> Needed(bool[] active, IEnumerable<DataViewSchema.Column> besides)
    {
        bool[] needed = active[..FirstAdded];
        foreach (DataViewSchema.Column column in besides) needed[column.Index] = true;
        return [.. InputSchema.Where(c => needed[c.Index])];
    }

    /// <summary>Whether an added column is active.</summary>
    internal bool AnyAdded(bool[] active) => active.AsSpan(FirstAdded).Contains(true);
}

/// <summary>The rows that one cursor computes together. Not thread-safe: one per cursor.</summary>
/// <remarks>Use: <see cref="Clear"/>, then <see cref="Add"/> on each row, <see cref="Prepare"/> if there is time, then <see cref="Compute"/>, then read.</remarks>
internal abstract class RowBatch : IDisposable
{
    /// <summary>Forgets the rows, and stops what <see cref="Prepare"/> began.</summary>
    public abstract void Clear();

    /// <summary>Takes what is needed from the row that the cursor stands on. A fault of this row alone is kept until the row is read.</summary>
    public abstract void Add();

    /// <summary>Begins, in the background, what <see cref="Compute"/> needs of the rows added since <see cref="Clear"/>.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>A second batch over the same rows, to be prepared while this one is computed; null where there is nothing to prepare.</summary>
    public virtual RowBatch? Twin() => null;

    /// <summary>Computes all rows added since <see cref="Clear"/>.</summary>
    public abstract void Compute();

    /// <summary>Whether a computed row is left out of the view; only where <see cref="RowMap.DropsRows"/>.</summary>
    public virtual bool Drops(int slot) => false;

    /// <summary>The reader has reached a computed row; called once per row.</summary>
    public virtual void Reached(int slot)
    {
    }

    /// <summary>A <c>ValueGetter</c> of an added column.</summary>
    /// <param name="column">0 is the first added column.</param>
    /// <param name="slot">Computes what is needed and tells the current row's place in the batch; call it in every get.</param>
    public abstract Delegate Getter(int column, Func<int> slot);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
