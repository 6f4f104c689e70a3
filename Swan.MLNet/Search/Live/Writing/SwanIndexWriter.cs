using System.Runtime.InteropServices;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Adds, replaces and removes rows of a <see cref="SwanLiveIndex"/>; what it did counts from <see cref="Commit"/> on.</summary>
/// <remarks>
/// <para>A key is there once. A row that is given as it is stored already changes nothing, so a nightly run over all rows writes those that
/// differ. Without <see cref="Commit"/>, <see cref="Dispose"/> leaves the index as it was, and so does the end of the process at any
/// moment: readers and the next writer see the last commit.</para>
/// <para>A commit brings its rows to disk before it counts, which takes some ten milliseconds: commit batches, not rows.</para>
/// Safe for concurrent use; changes and commits take turns.
/// </remarks>
public sealed partial class SwanIndexWriter : IDisposable
{
    private readonly SwanLiveIndex _index;
    private readonly IndexFolder _folder;
    private readonly WriterLock _held;
    private readonly SwanIndexWriterOptions _options;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _writing = new(StringComparer.Ordinal);
    private WorkingRows _rows;
    private IndexManifest _manifest;
    private WorkingColumns _columns;
    private float[] _unit;
    private long _nextSegment;
    private byte[] _manifestBytes;
    private bool _isSafe;
    private bool _disposed;

    internal SwanIndexWriter(SwanLiveIndex index, IndexFolder folder, WriterLock held, SwanIndexWriterOptions options)
    {
        (_index, _folder, _held, _options) = (index, folder, held, options);
        IndexState state = IndexState.OpenLatest(folder, []);
        WorkingRows? rows = null;
        try
        {
            (_manifest, _columns, _nextSegment) = (state.Manifest, new WorkingColumns(state.Columns), state.Manifest.NextSegment);
            _manifestBytes = state.ManifestBytes;
            // A tool that copies no empty folders may have left it out.
            folder.CreateSegments();
            rows = _rows = new WorkingRows(folder, _manifest.Rows, IndexState.OpenSegments(folder, _manifest.Rows, state.Segments));
            _unit = new float[_manifest.Rows.EmbeddingSize];
            OpenReembedded();
            index.Publish(state);
        }
        catch
        {
            rows?.Dispose();
            state.Leave();
            throw;
        }
        // Whoever wrote the manifest may have been killed before it was safe.
        TryMakeSafe();
        RemoveUnnamed();
    }

    /// <summary>Rows that the index will have after a commit.</summary>
    public long Count
    {
        get
        {
            using Lock.Scope scope = Enter();
            return _rows.Count;
        }
    }

    /// <summary>Rows that were given but not taken, because their embedding had no direction.</summary>
    public long SkippedRows { get; private set; }

    /// <summary>The columns, those included that <see cref="AddColumn"/> added.</summary>
    public IReadOnlyList<SwanColumn> Columns
    {
        get
        {
            using Lock.Scope scope = Enter();
            return Array.AsReadOnly(_columns.All);
        }
    }

    /// <summary>Adds a row, or replaces the one that has its key: embedding and values.</summary>
    /// <param name="key">Not empty, at most 65,536 bytes of UTF-8.</param>
    /// <param name="embedding">D values; scaled to unit length where they aren't.</param>
    /// <param name="values">By column name. A column that isn't named is missing then. Null: all are.</param>
    /// <exception cref="ArgumentException">
    /// The key can't be one, the embedding doesn't have D values, there is no such column, or a column can't have a value.
    /// </exception>
    /// <exception cref="IOException">Rows can't be written to the disk; the row is taken nevertheless.</exception>
    /// <exception cref="SwanFormatException">What is stored there is damaged; nothing was changed.</exception>
    public SwanRowChange Upsert(string key, ReadOnlySpan<float> embedding, IReadOnlyDictionary<string, object?>? values = null)
    {
        using Lock.Scope scope = Enter();
        StoredKey stored = Key(key, nameof(key));
        RequireSize(embedding.Length, nameof(embedding));
        SwanRowChange change = Put(stored, embedding, _columns.Values(values, nameof(values)));
        SpillIfFull();
        return change;
    }

    /// <summary>Gives the row of a key other values of some columns; its embedding and its other values stay.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">By column name; null where a value is missing from now on.</param>
    /// <returns>What was done: <see cref="SwanRowChange.Replaced"/>, <see cref="SwanRowChange.Unchanged"/> or <see
    /// cref="SwanRowChange.Missing"/>.</returns>
    /// <exception cref="ArgumentException">The key can't be one, there is no such column, or a column can't have a value.</exception>
    /// <exception cref="IOException">Rows can't be written to the disk; the values are taken nevertheless.</exception>
    /// <exception cref="SwanFormatException">What is stored there is damaged; nothing was changed.</exception>
    public SwanRowChange SetValues(string key, IReadOnlyDictionary<string, object?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        using Lock.Scope scope = Enter();
        StoredKey stored = Key(key, nameof(key));
        if (!_rows.TryFind(stored, out RowPlace place)) return SwanRowChange.Missing;
        object?[] merged = _columns.Values(values, nameof(values), _columns.ValuesAt(_rows, place));
        _rows.Row(place).CopyTo(_unit);
        SwanRowChange change = PutUnit(stored, merged);
        SpillIfFull();
        return change;
    }

    /// <summary>Removes the row of a key.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentException">The key can't be one.</exception>
    /// <exception cref="SwanFormatException">What is stored there is damaged; nothing was changed.</exception>
    public bool Remove(string key)
    {
        using Lock.Scope scope = Enter();
        StoredKey stored = Key(key, nameof(key));
        if (!_rows.TryFind(stored, out RowPlace place)) return false;
        RowPlace? reembedded = Reembedded(stored);
        _rows.Delete(stored, place);
        Forget(stored, reembedded);
        return true;
    }

    /// <summary>Whether a row has a key, now and before a commit.</summary>
    /// <exception cref="ArgumentException">The key can't be one.</exception>
    /// <exception cref="SwanFormatException">What is stored there is damaged.</exception>
    public bool Contains(string key)
    {
        using Lock.Scope scope = Enter();
        return _rows.TryFind(Key(key, nameof(key)), out _);
    }

    /// <summary>What is stored under a key, now and before a commit; null where nothing is.</summary>
    /// <exception cref="ArgumentException">The key can't be one.</exception>
    /// <exception cref="SwanFormatException">What is stored there is damaged.</exception>
    public SwanRow? Find(string key)
    {
        using Lock.Scope scope = Enter();
        StoredKey stored = Key(key, nameof(key));
        return _rows.TryFind(stored, out RowPlace place)
            ? new SwanRow(key, _rows.Row(place).ToArray(), _columns.NamedAt(_rows, place))
            : null;
    }

    /// <summary>Adds a column, whose values are missing in all rows at first.</summary>
    /// <param name="column">Name and type.</param>
    /// <returns>False where the index has it already, with this type.</returns>
    /// <exception cref="ArgumentException">The index has a column of that name and another type.</exception>
    public bool AddColumn(SwanColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        using Lock.Scope scope = Enter();
        if (!_columns.IsNew(column)) return false;
        _columns = _columns.With(column);
        return true;
    }

    /// <summary>Ends the writing.</summary>
    /// <remarks>What was not committed is lost.</remarks>
    public void Dispose()
    {
        EndCompaction();
        // A merge on another thread ends first: the next writer may take the numbers of its files.
        using Lock.Scope turn = _merging.EnterScope();
        using Lock.Scope scope = _gate.EnterScope();
        if (_disposed) return;
        _disposed = true;
        try
        {
            _rows.Dispose();
            _next?.Dispose();
            // While no other writer can have begun.
            if (_isSafe && IsThere()) _folder.RemoveAllBut(_manifest.Files().ToHashSet(StringComparer.Ordinal));
        }
        finally
        {
            _held.Dispose();
        }
    }

    private Lock.Scope Enter()
    {
        Lock.Scope scope = _gate.EnterScope();
        if (!_disposed) return scope;
        scope.Dispose();
        throw new ObjectDisposedException(nameof(SwanIndexWriter));
    }

    private SwanRowChange Put(StoredKey key, ReadOnlySpan<float> embedding, object?[] values)
    {
        if (UnitVector.TryNormalize(embedding, _unit)) return PutUnit(key, values);
        SkippedRows++;
        return SwanRowChange.Skipped;
    }

    // The embedding is in _unit.
    private SwanRowChange PutUnit(StoredKey key, object?[] values)
    {
        if (!_rows.TryFind(key, out RowPlace place))
        {
            _rows.Put(key, null, _unit, values);
            return SwanRowChange.Added;
        }
        bool sameRow = Same(_rows.Row(place), _unit);
        if (sameRow && _columns.AreAt(_rows, place, values)) return SwanRowChange.Unchanged;
        RowPlace? reembedded = Reembedded(key);
        // The row has other values, but what the new model made of it stays.
        float[]? kept = sameRow && reembedded is { } there ? _next!.Row(there).ToArray() : null;
        _rows.Put(key, place, _unit, values);
        if (kept is null) Forget(key, reembedded);
        else _next!.Put(key, reembedded, kept, values);
        return SwanRowChange.Replaced;
    }

    private static bool Same(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private static StoredKey Key(string key, string parameter, long? row = null) => SwanIndexBuilder.KeyFault(key) is { } fault
        ? throw new ArgumentException(row is null ? $"The key {fault}" : $"The key of row {row:N0} {fault}", parameter)
        : StoredKey.Of(key);

    private void RequireSize(int found, string parameter)
    {
        if (found == _unit.Length) return;
        throw new ArgumentException(
            $"The embedding has {found:N0} values, but the index holds embeddings of {_unit.Length:N0}. Embed with the index's model"
            + $"{(ManifestShape.Model(_rows.Shape) is { } model ? $", {model}" : "")}.",
            parameter);
    }
}
