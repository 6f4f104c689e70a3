using System.Runtime.InteropServices;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Adds, replaces and removes rows of a <see cref="SwanLiveIndex"/>; <see cref="Commit"/> puts the changes into effect.</summary>
/// <remarks>
/// <para>Each key occurs once. A row that equals the stored one changes nothing, so a nightly run over all rows writes only those that
/// differ. Without <see cref="Commit"/>, <see cref="Dispose"/> or the end of the process leaves the index unchanged: readers and the next
/// writer see the last commit.</para>
/// <para>A commit writes its rows to disk before it takes effect, which takes some ten milliseconds: commit batches, not rows.</para>
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
            // A copying tool may have skipped the empty folder.
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
        // The manifest's writer may have been killed before it was durable.
        TryMakeSafe();
        RemoveUnnamed();
    }

    /// <summary>The number of rows after a commit.</summary>
    public long Count
    {
        get
        {
            using Lock.Scope scope = Enter();
            return _rows.Count;
        }
    }

    /// <summary>The number of rows that were given but not added, because their embedding had no direction.</summary>
    public long SkippedRows { get; private set; }

    /// <summary>The columns, including those from <see cref="AddColumn"/>.</summary>
    public IReadOnlyList<SwanColumn> Columns
    {
        get
        {
            using Lock.Scope scope = Enter();
            return Array.AsReadOnly(_columns.All);
        }
    }

    /// <summary>Adds a row, or replaces the one with its key: embedding and values.</summary>
    /// <param name="key">Not empty, at most 65,536 bytes of UTF-8.</param>
    /// <param name="embedding">D values; scaled to unit length where they aren't.</param>
    /// <param name="values">The values by column name; columns not named are missing. Null: all are missing.</param>
    /// <exception cref="ArgumentException">
    /// The key is not valid, the embedding doesn't have D values, a column doesn't exist, or it can't store a value.
    /// </exception>
    /// <exception cref="IOException">Rows can't be written to the disk; the row is kept nevertheless.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged; nothing was changed.</exception>
    public SwanRowChange Upsert(string key, ReadOnlySpan<float> embedding, IReadOnlyDictionary<string, object?>? values = null)
    {
        using Lock.Scope scope = Enter();
        StoredKey stored = Key(key, nameof(key));
        RequireSize(embedding.Length, nameof(embedding));
        SwanRowChange change = Put(stored, embedding, _columns.Values(values, nameof(values)));
        SpillIfFull();
        return change;
    }

    /// <summary>Changes values in some columns of a key's row; its embedding and its other values stay.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">The values by column name; null to make a value missing.</param>
    /// <returns>The change: <see cref="SwanRowChange.Replaced"/>, <see cref="SwanRowChange.Unchanged"/> or <see
    /// cref="SwanRowChange.Missing"/>.</returns>
    /// <exception cref="ArgumentException">The key is not valid, a column doesn't exist, or it can't store a value.</exception>
    /// <exception cref="IOException">Rows can't be written to the disk; the values are kept nevertheless.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged; nothing was changed.</exception>
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
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged; nothing was changed.</exception>
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

    /// <summary>Whether a row has a key, uncommitted changes included.</summary>
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged.</exception>
    public bool Contains(string key)
    {
        using Lock.Scope scope = Enter();
        return _rows.TryFind(Key(key, nameof(key)), out _);
    }

    /// <summary>Gets the row with a key, uncommitted changes included; null if there is none.</summary>
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    /// <exception cref="SwanFormatException">The stored data is damaged.</exception>
    public SwanRow? Find(string key)
    {
        using Lock.Scope scope = Enter();
        StoredKey stored = Key(key, nameof(key));
        return _rows.TryFind(stored, out RowPlace place)
            ? new SwanRow(key, _rows.Row(place).ToArray(), _columns.NamedAt(_rows, place))
            : null;
    }

    /// <summary>Adds a column; its values are missing in all rows at first.</summary>
    /// <param name="column">Name and type.</param>
    /// <returns>False if the index already has it with this type.</returns>
    /// <exception cref="ArgumentException">The index has a column with that name and another type.</exception>
    public bool AddColumn(SwanColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        using Lock.Scope scope = Enter();
        if (!_columns.IsNew(column)) return false;
        _columns = _columns.With(column);
        return true;
    }

    /// <summary>Ends the writing.</summary>
    /// <remarks>Uncommitted changes are lost.</remarks>
    public void Dispose()
    {
        EndCompaction();
        // A merge on another thread ends first, because the next writer may reuse the numbers of its files.
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
        // The row has other values, but its embedding by the new model stays.
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
