using Swan.MLNet.Metadata;

namespace Swan.MLNet.Search;

public sealed partial class SwanIndexWriter
{
    /// <summary>Makes all changes since the last commit the index's state, at once and durably.</summary>
    /// <param name="cancellationToken">Ends the commit before it counts; the changes stay uncommitted, and can be committed later.</param>
    /// <returns>The state's number, as <see cref="SwanLiveIndex.Generation"/> has it; that of the last commit where nothing has changed.
    /// </returns>
    /// <exception cref="IOException">
    /// The disk is full, or can't be written to, or the folder was moved or holds another index now. The index is as it was; the changes
    /// stay uncommitted, and can be committed later. Where the last step alone fails, by which the commit outlives a power cut, the message
    /// says that it counts, and another call does that step again.
    /// </exception>
    /// <exception cref="SwanFormatException">A file is damaged, such as one of the <see cref="Reembedding"/>, until that is abandoned.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public long Commit(CancellationToken cancellationToken = default)
    {
        using Lock.Scope scope = Enter();
        bool schema = _columns.All.Length != _manifest.Columns.Count || _isReembeddingChanged;
        // What a disk could not do once is not tried again, but done anew: it may have forgotten it.
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

    // From here on it counts: all files that the manifest names are on disk.
    private void Publish(long generation, SwanColumn[] columns, ManifestRows rows, ManifestRows? next, LiveSegment[] segments)
    {
        IndexManifest manifest = _manifest with
        {
            Generation = generation, Written = DateTime.UtcNow, NextSegment = _nextSegment, Rows = rows, Reembedded = next,
            Columns = [.. columns.Select(ManifestShape.Column)],
        };
        // Again, though it was asked before rows were written: they take long.
        RequireThere();
        byte[] bytes = IndexManifestFile.Write(_folder, manifest);
        (_manifest, _manifestBytes, _isSafe) = (manifest, bytes, false);
        _index.Publish(IndexState.Committed(_folder, manifest, bytes, columns, segments));
    }

    // Until then a power cut may bring the manifest before back: no file of that may go.
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
                $"Commit {_manifest.Generation:N0} of '{_folder.Path}' counts, and searches answer by it, but it is not safe from a power "
                + $"cut. {e.Message} Commit again, which writes the state anew.", e);
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
            // The next commit writes the state anew, or says so.
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

    // Whether the folder is still the one that this writer has locked: all else goes by its path, where another index may be by now.
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
            $"'{_folder.Path}' doesn't hold the index that this writer opened: its manifest.json is missing, or is not the one of commit "
            + $"{_manifest.Generation:N0}. The folder was moved, or exchanged for another one, so nothing was committed. Move it back and "
            + "commit again, or dispose the writer and open one where the index is now.");
    }

    private void RemoveUnnamed()
    {
        if (!_isSafe || !IsThere()) return;
        HashSet<string> named = [.. _manifest.Files(), .. _rows.Files, .. _next?.Files ?? [], .. _writing];
        _folder.RemoveAllBut(named);
    }
}
