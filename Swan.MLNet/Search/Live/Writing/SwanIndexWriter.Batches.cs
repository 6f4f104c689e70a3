using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Search;

public sealed partial class SwanIndexWriter
{
    private const int RowsAtOnce = 1024;

    /// <summary>Adds or replaces many rows.</summary>
    /// <remarks>Of several rows with one key, the last is kept.</remarks>
    /// <param name="keys">One per row.</param>
    /// <param name="embeddings"><c>embeddings[row * D + d]</c>; scaled to unit length where they aren't.</param>
    /// <param name="values">The values of each row by column name; null: all are missing.</param>
    /// <param name="cancellationToken">Cancels the work; earlier rows are kept.</param>
    /// <exception cref="ArgumentException">
    /// The lengths don't match, or a key or a value is not valid; the message names the row. No row is added.
    /// </exception>
    /// <exception cref="IOException">Rows can't be written to the disk; some are kept.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged; earlier rows are kept.</exception>
    /// <exception cref="OperationCanceledException">Canceled; earlier rows are kept.</exception>
    public SwanIndexChanges UpsertMany(
        IReadOnlyList<string> keys, ReadOnlySpan<float> embeddings, IReadOnlyList<IReadOnlyDictionary<string, object?>>? values = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        using Lock.Scope scope = Enter();
        int size = _unit.Length;
        if (embeddings.Length != (long)keys.Count * size)
        {
            throw new ArgumentException(
                $"There are {keys.Count:N0} keys, but {embeddings.Length:N0} values; expected {size:N0} values for each key.",
                nameof(embeddings));
        }
        if (values is not null && values.Count != keys.Count)
        {
            throw new ArgumentException(
                $"There are {keys.Count:N0} keys, but values for {values.Count:N0} rows; expected one dictionary for each key.",
                nameof(values));
        }
        var stored = new StoredKey[keys.Count];
        var made = new object?[keys.Count][];
        for (int row = 0; row < stored.Length; row++)
        {
            if (row % RowsAtOnce == 0) cancellationToken.ThrowIfCancellationRequested();
            stored[row] = Key(keys[row], nameof(keys), row);
            made[row] = _columns.Values(values?[row], nameof(values), row: row);
        }
        SwanIndexChanges changes = default;
        for (int row = 0; row < stored.Length; row++)
        {
            if (row % RowsAtOnce == 0) cancellationToken.ThrowIfCancellationRequested();
            changes = changes.With(Put(stored[row], embeddings.Slice(row * size, size), made[row]));
            SpillIfFull();
        }
        return changes;
    }

    /// <summary>Removes the rows of many keys.</summary>
    /// <param name="keys">The keys; those without a row are skipped.</param>
    /// <param name="cancellationToken">Cancels the work; earlier rows are removed.</param>
    /// <returns>The number of removed rows.</returns>
    /// <exception cref="ArgumentException">A key is not valid; earlier rows are removed.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged; earlier rows are removed.</exception>
    /// <exception cref="OperationCanceledException">Canceled; earlier rows are removed.</exception>
    public long RemoveMany(IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        long removed = 0;
        foreach (string key in keys)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Remove(key)) removed++;
        }
        return removed;
    }

    /// <summary>Adds or replaces the rows of an index in memory, such as one from <see cref="SwanIndex.Load(string)"/>.</summary>
    /// <remarks>It has no columns, so replaced rows keep their values.</remarks>
    /// <param name="index">Its model and range must be this index's.</param>
    /// <param name="duplicates">How to treat rows of it with the same key.</param>
    /// <param name="progress">Receives the number of rows added.</param>
    /// <param name="cancellationToken">Cancels the work; earlier rows are kept.</param>
    /// <exception cref="SwanMismatchException">It holds embeddings of another model, size or range.</exception>
    /// <exception cref="ArgumentException">Two rows have the same key, and <paramref name="duplicates"/> refuses that; no row is added.
    /// </exception>
    /// <exception cref="IOException">Rows can't be written to the disk; some are kept.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged; earlier rows are kept.</exception>
    /// <exception cref="OperationCanceledException">Canceled; earlier rows are kept.</exception>
    public SwanIndexChanges Import(
        SwanIndex index, SwanDuplicateKeys duplicates = SwanDuplicateKeys.Refuse, IProgress<SwanIndexProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(index);
        RequireComparable(index);
        IReadOnlyList<string> keys = UniqueKeys.Of(index.Keys, duplicates);
        SwanIndexChanges changes = default;
        for (int row = 0; row < index.Count; row++)
        {
            if (row % RowsAtOnce == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SwanIndexProgress(row, index.Count));
            }
            changes = changes.With(Upsert(keys[row], index.Gallery.Row(row), ValuesOf(keys[row])));
        }
        progress?.Report(new SwanIndexProgress(index.Count, index.Count));
        return changes;
    }

    /// <summary>Adds or replaces the rows of a <c>.npy</c> file, as NumPy's <c>save</c> writes it.</summary>
    /// <remarks>It has no columns, so replaced rows keep their values.</remarks>
    /// <param name="path">A file of a C-ordered array of float32 in little-endian with two dimensions, N × D.</param>
    /// <param name="keys">One per row.</param>
    /// <param name="duplicates">How to treat rows with the same key.</param>
    /// <param name="progress">Receives the number of rows added.</param>
    /// <param name="cancellationToken">Cancels the work; earlier rows are kept.</param>
    /// <exception cref="SwanFormatException">It is another kind of file, or it or the index is damaged; earlier rows are kept.
    /// </exception>
    /// <exception cref="SwanMismatchException">Its rows have another length than the index's.</exception>
    /// <exception cref="ArgumentException">
    /// The numbers of keys and rows differ, a key is not valid, or two rows have the same key and <paramref name="duplicates"/> refuses
    /// that; no row is added.
    /// </exception>
    /// <exception cref="IOException">The file can't be read, or rows can't be written to the disk; earlier rows are kept.</exception>
    /// <exception cref="OperationCanceledException">Canceled; earlier rows are kept.</exception>
    public SwanIndexChanges ImportNpy(
        string path, IReadOnlyList<string> keys, SwanDuplicateKeys duplicates = SwanDuplicateKeys.Refuse,
        IProgress<SwanIndexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(keys);
        using var file = new NpyReader(path);
        int size;
        using (Enter()) size = _unit.Length;
        if (file.Columns != size)
        {
            throw new SwanMismatchException(
                $"'{file.Name}' has rows of {file.Columns:N0} values, but the index holds embeddings of {size:N0}. No rows were added.");
        }
        if (file.Rows != keys.Count)
        {
            throw new ArgumentException(
                $"'{file.Name}' has {file.Rows:N0} rows, but there are {keys.Count:N0} keys; expected one key per row.", nameof(keys));
        }
        for (int row = 0; row < keys.Count; row++) Key(keys[row], nameof(keys), row);
        keys = UniqueKeys.Of(keys, duplicates);
        SwanIndexChanges changes = default;
        float[] values = new float[size];
        for (int row = 0; row < keys.Count; row++)
        {
            if (row % RowsAtOnce == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SwanIndexProgress(row, keys.Count));
            }
            file.Read(values);
            changes = changes.With(Upsert(keys[row], values, ValuesOf(keys[row])));
        }
        progress?.Report(new SwanIndexProgress(keys.Count, keys.Count));
        return changes;
    }

    // The values of a row that one without columns replaces. Without columns there are none to look up.
    private IReadOnlyDictionary<string, object?>? ValuesOf(string key) => Columns.Count == 0 ? null : Find(key)?.Values;

    /// <summary>Refuses rows of another model, size or range.</summary>
    /// <param name="given">The rows' model; null: unknown.</param>
    /// <param name="size">Their D; null: not known yet.</param>
    /// <param name="givenRange">How their images were read; null: unknown.</param>
    /// <exception cref="SwanMismatchException">They can't be compared with this index's.</exception>
    internal void RequireComparable(ModelIdentity? given, int? size, GivenRange? givenRange)
    {
        using Lock.Scope scope = Enter();
        ModelIdentity? model = ManifestShape.Model(_rows.Shape);
        GivenRange? range = ManifestShape.Range(_rows.Shape);
        if (!ModelIdentity.Agree(model, given))
        {
            throw new SwanMismatchException(
                $"This index holds embeddings of {model}, but the rows are of {given}: "
                + $"{ModelIdentity.Consequence(model, given)} No rows were added.");
        }
        if (size is { } values && values != _unit.Length)
        {
            throw new SwanMismatchException(
                $"This index holds embeddings of {_unit.Length:N0} values, but the rows have {values:N0}. No rows were added.");
        }
        if (!GivenRange.Agree(range, givenRange))
        {
            throw new SwanMismatchException(
                $"This index's images were read with {range}, but those of the rows with {givenRange}: {GivenRange.Consequence}.");
        }
    }

    private void RequireComparable(SwanIndex index) => RequireComparable(index.Model, index.EmbeddingSize, index.GivenRange);
}
