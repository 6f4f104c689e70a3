using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

/// <summary>The change of all rows of an index to another model; the index answers with the present one until
/// <see cref="Complete"/>.</summary>
/// <remarks>
/// It belongs to its writer, and ends with it. <see cref="SwanIndexWriter.Commit"/> keeps the progress, and the next writer's
/// <see cref="SwanIndexWriter.Reembedding"/> continues it. Safe for concurrent use.
/// <example>
/// <code>
/// SwanIndexReembedding reembedding = writer.BeginReembedding(model.Card.Identity, model.Card.EmbeddingSize);
/// foreach (SwanRow[] rows in reembedding.Pending().Chunk(1000))
/// {
///     foreach (SwanRow row in rows) reembedding.Add(row.Key, model.EmbedImage(row.Key));
///     writer.Commit();
/// }
/// reembedding.Complete();
/// </code>
/// </example>
/// </remarks>
public sealed class SwanIndexReembedding
{
    private readonly SwanIndexWriter _writer;

    internal SwanIndexReembedding(SwanIndexWriter writer, ModelIdentity model, int embeddingSize) =>
        (_writer, Model, EmbeddingSize) = (writer, model, embeddingSize);

    /// <summary>The new model.</summary>
    public ModelIdentity Model { get; }

    /// <summary>Its D.</summary>
    public int EmbeddingSize { get; }

    /// <summary>The rows embedded by the new model, and all rows; uncommitted ones count.</summary>
    /// <exception cref="InvalidOperationException">The re-embedding has ended.</exception>
    /// <exception cref="SwanFormatException">A file of the re-embedding is damaged.</exception>
    public SwanIndexProgress Progress
    {
        get
        {
            (long done, long total) = _writer.ReembeddedRows(this);
            return new SwanIndexProgress(done, total);
        }
    }

    /// <summary>The rows that the new model has not embedded yet, with their present embeddings and values.</summary>
    /// <remarks>Rows added during the enumeration may be missing: enumerate it again.</remarks>
    /// <exception cref="InvalidOperationException">The re-embedding has ended.</exception>
    /// <exception cref="IOException">Rows can't be written to the disk.</exception>
    /// <exception cref="SwanFormatException">A file of the index or of the re-embedding is damaged.</exception>
    public IEnumerable<SwanRow> Pending() => _writer.PendingRows(this);

    /// <summary>Sets a row's embedding by the new model.</summary>
    /// <param name="key">The row's key.</param>
    /// <param name="embedding"><see cref="EmbeddingSize"/> values; scaled to unit length where they aren't.</param>
    /// <returns>False if the index no longer has the row.</returns>
    /// <exception cref="ArgumentException">The embedding has another length, or no direction.</exception>
    /// <exception cref="InvalidOperationException">The re-embedding has ended.</exception>
    /// <exception cref="IOException">Rows can't be written to the disk; the row is kept nevertheless.</exception>
    /// <exception cref="SwanFormatException">A file of the index or of the re-embedding is damaged; nothing was changed.</exception>
    public bool Add(string key, ReadOnlySpan<float> embedding) => _writer.AddReembedded(this, key, embedding);

    /// <summary>Makes the new model the index's by committing all changes.</summary>
    /// <param name="dropPending">Whether to remove rows that the new model has not embedded; otherwise they are an error.</param>
    /// <param name="cancellationToken">Cancels it before it takes effect.</param>
    /// <returns>The number of the new state.</returns>
    /// <exception cref="InvalidOperationException">Rows are pending, or the re-embedding has ended.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="IOException">As of <see cref="SwanIndexWriter.Commit"/>.</exception>
    /// <exception cref="SwanFormatException">A file of the re-embedding is damaged.</exception>
    public long Complete(bool dropPending = false, CancellationToken cancellationToken = default) =>
        _writer.CompleteReembedding(this, dropPending, cancellationToken);

    /// <summary>Drops the new model's embeddings, from the next commit on.</summary>
    /// <exception cref="InvalidOperationException">The re-embedding has ended.</exception>
    public void Abandon() => _writer.AbandonReembedding(this);
}
