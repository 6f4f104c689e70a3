using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

public sealed partial class SwanIndexWriter
{
    /// <summary>Commits all changes since the last commit at once and durably.</summary>
    /// <param name="cancellationToken">Cancels the commit before it takes effect; the changes stay uncommitted, and can be committed
    /// later.</param>
    /// <returns>The state's number, as in <see cref="SwanLiveIndex.Generation"/>; that of the last commit if nothing has changed.
    /// </returns>
    /// <exception cref="IOException">
    /// The disk is full or can't be written to, or the folder was moved or now holds another index. The index is unchanged; the changes
    /// stay uncommitted, and can be committed later. If only the last step fails, which protects the commit from a power cut, the message
    /// says that the commit is complete, and another call repeats that step.
    /// </exception>
    /// <exception cref="SwanFormatException">A file is damaged. If it belongs to the <see cref="Reembedding"/>, abandon that first.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public long Commit(CancellationToken cancellationToken = default)
    {
        using Lock.Scope scope = Enter();
        bool schema = _columns.All.Length != _manifest.Columns.Count || _isReembeddingChanged;
        // After a disk failure the write is not retried but done anew: the disk may have lost the earlier one.
        if (schema || !_isSafe || _rows.IsChanged || _next?.IsChanged == true) CommitChanges(cancellationToken);
        BeginCompaction();
        return _manifest.Generation;
    }

    private void CommitChanges(CancellationToken cancellation)
    {
        RequireThere();
        RequireReembedded();
        Spill(_rows, cancellation);
        if (_next is not null) Spill(_next, cancellation);
        cancellation.ThrowIfCancellationRequested();
        long generation = _manifest.Generation + 1;
        LiveSegment[] rows = _rows.Save(generation);
        LiveSegment[]? next = _next?.Save(generation);
        Publish(generation, _columns.All, Named(_rows, rows), next is null ? null : Named(_next!, next), rows);
        _rows.Commit(rows);
        _next?.Commit(next!);
        _isReembeddingChanged = false;
        MakeSafe();
        RemoveUnnamed();
    }

    // From here on it is in effect: all files that the manifest names are on disk.
    private void Publish(long generation, SwanColumn[] columns, ManifestRows rows, ManifestRows? next, LiveSegment[] segments)
    {
        IndexManifest manifest = _manifest with
        {
            Generation = generation, Written = DateTime.UtcNow, NextSegment = _nextSegment, Rows = rows, Reembedded = next,
            Columns = [.. columns.Select(ManifestShape.Column)],
        };
        // Again, although it was checked before rows were written: writing takes long.
        RequireThere();
        byte[] bytes = IndexManifestFile.Write(_folder, manifest);
        (_manifest, _manifestBytes, _isSafe) = (manifest, bytes, false);
        _index.Publish(IndexState.Committed(_folder, manifest, bytes, columns, segments));
    }

    // Until then a power cut may restore the earlier manifest, so none of its files may be removed.
    private void MakeSafe()
    {
        try
        {
            _folder.Flush();
            _isSafe = true;
        }
        catch (IOException e)
        {
            throw new IOException(
                $"Commit {_manifest.Generation:N0} of '{_folder.Path}' is complete, and searches use it, but a power cut could undo it. "
                + $"{e.Message} Commit again to write the state anew.", e);
        }
    }

    private void TryMakeSafe()
    {
        try
        {
            MakeSafe();
        }
        catch (IOException)
        {
            // The next commit writes the state anew, or reports the failure.
        }
    }

    private static ManifestRows Named(WorkingRows rows, LiveSegment[] segments) =>
        rows.Shape with { Segments = [.. segments.Select(segment => segment.Named)] };

    private void SpillIfFull()
    {
        if (_rows.BufferBytes >= _options.BufferBytes) Spill(_rows, CancellationToken.None);
        if (_next?.BufferBytes >= _options.BufferBytes) Spill(_next, CancellationToken.None);
    }

    private void Spill(WorkingRows rows, CancellationToken cancellation)
    {
        if (rows.Spill(_nextSegment, _columns.All, cancellation)) _nextSegment++;
    }

    // Whether the folder is still the one that this writer locked: everything else uses its path, which may now hold another index.
    private bool IsThere()
    {
        try
        {
            return IndexManifestFile.ReadBytes(_folder).AsSpan().SequenceEqual(_manifestBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SwanFormatException)
        {
            return false;
        }
    }

    private void RequireThere()
    {
        if (IsThere()) return;
        throw new IOException(
            $"'{_folder.Path}' no longer holds the index that this writer opened: its manifest.json is missing, or is not that of commit "
            + $"{_manifest.Generation:N0}. The folder was moved or replaced, so nothing was committed. Move it back and commit again, "
            + "or dispose the writer and open one where the index is now.");
    }

    private void RemoveUnnamed()
    {
        if (!_isSafe || !IsThere()) return;
        HashSet<string> named = [.. _manifest.Files(), .. _rows.Files, .. _next?.Files ?? [], .. _writing];
        _folder.RemoveAllBut(named);
    }
}
