namespace Swan.MLNet.DataViews;

/// <summary>The rows that one cursor computes together.</summary>
/// <remarks>
/// Not thread-safe. Use: <see cref="Clear"/>, then <see cref="Add"/> on each row, <see cref="Prepare"/> if there is time, then
/// <see cref="Compute"/>, then read.
/// </remarks>
internal abstract class RowBatch : IDisposable
{
    /// <summary>Forgets the rows, and stops what <see cref="Prepare"/> began.</summary>
    public abstract void Clear();

    /// <summary>
    /// Takes what is needed from the row that the pass stands on. A fault of this row alone is kept until the row is read.
    /// </summary>
    public abstract void Add();

    /// <summary>Begins, in the background, what <see cref="Compute"/> needs of the rows added since <see cref="Clear"/>.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Computes all rows added since <see cref="Clear"/>.</summary>
    public abstract void Compute();

    /// <summary>Whether a computed row is left out of the view; only where <see cref="BatchedRowMapper.DropsRows"/>.</summary>
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
