namespace Swan.MLNet.DataViews;

/// <summary>One pass over rows, by a cursor or by a prediction engine: makes the batches, and knows what all of them have met.</summary>
/// <remarks>Not safe for concurrent use. Disposing it ends the pass; its batches are disposed before.</remarks>
internal abstract class RowPass : IDisposable
{
    /// <summary>
    /// Whether batches do something in the background (<see cref="RowBatch.Prepare"/>), so a second one is worth filling while the
    /// first is computed.
    /// </summary>
    public virtual bool PreparesAhead => false;

    /// <summary>Whether a batch keeps the values that it takes until they are computed, so they count as held.</summary>
    public virtual bool HoldsInputs => false;

    /// <summary>Makes the working memory of a batch.</summary>
    /// <param name="capacity">The most rows that are added before <see cref="RowBatch.Compute"/>.</param>
    public abstract RowBatch CreateBatch(int capacity);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
