using System.Diagnostics;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Search;

namespace Swan.VectorData.Collections;

/// <summary>The index of one collection: opened at its first use, and reopened after it was deleted and created again.</summary>
/// <remarks>All collections of one name from a store share it. Safe for concurrent use.</remarks>
/// <param name="path">The folder.</param>
/// <param name="refreshInterval">See <see cref="SwanLiveIndexOptions.RefreshInterval"/>.</param>
/// <param name="writerTimeout">How long to wait for a writer of another process.</param>
internal sealed class CollectionFolder(string path, TimeSpan refreshInterval, TimeSpan writerTimeout) : IDisposable
{
    private static readonly IndexOwner Owner = new(
        typeof(VectorStore).FullName!,
        "The collection's index is closed because the collection was deleted or its store was disposed. Ask the collection again.");

    private readonly IndexFolder _folder = new(path);
    private readonly SwanLiveIndexOptions _options = new() { RefreshInterval = refreshInterval };
    private readonly Lock _gate = new();
    private SwanLiveIndex? _index;
    private bool _disposed;

    /// <summary>The folder, in full.</summary>
    public string Path => _folder.Path;

    /// <summary>Whether there is an index.</summary>
    public bool Exists
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), typeof(VectorStore));
            return File.Exists(_folder.Manifest);
        }
    }

    /// <summary>Whether a folder holds an index.</summary>
    public static bool IsIndex(string folder) => File.Exists(new IndexFolder(folder).Manifest);

    /// <summary>Pins the latest state; null if there is no index.</summary>
    /// <exception cref="Swan.MLNet.SwanFormatException">The index is damaged.</exception>
    public SwanIndexSnapshot? Snapshot()
    {
        while (true)
        {
            if (Index() is not { } index) return null;
            try
            {
                return index.Snapshot();
            }
            catch (ObjectDisposedException)
            {
                // It was deleted meanwhile, or the store is disposed: asked again, the folder tells which.
            }
        }
    }

    /// <summary>The index; null if there is none.</summary>
    public SwanLiveIndex? Index()
    {
        using Lock.Scope scope = _gate.EnterScope();
        return Open();
    }

    /// <summary>Waits for this process's turn to write, and for a writer in another process.</summary>
    /// <param name="change">Gets a writer, or null if there is no index.</param>
    /// <param name="cancellation">Ends the wait; <paramref name="change"/> has to look for itself.</param>
    /// <exception cref="SwanIndexLockedException">Another process was still writing when the timeout ended.</exception>
    public async Task WriteAsync(Action<SwanIndexWriter?> change, CancellationToken cancellation)
    {
        using IDisposable turn = await WriteTurns.TakeAsync(Path, cancellation).ConfigureAwait(false);
        if (Index() is not { } index)
        {
            change(null);
            return;
        }
        // Merging goes on for as long as the writer is there, which is not long: see below.
        using SwanIndexWriter writer = await WhenFreeAsync(
            () => index.OpenWriter(new SwanIndexWriterOptions { CompactInBackground = false }), cancellation).ConfigureAwait(false);
        change(writer);
        Merge(writer, cancellation);
    }

    /// <summary>Makes the index, unless it is there.</summary>
    /// <param name="settings">What it is.</param>
    /// <param name="cancellation">Ends the wait for a writer of another process.</param>
    public async Task CreateAsync(SwanIndexSettings settings, CancellationToken cancellation)
    {
        using IDisposable turn = await WriteTurns.TakeAsync(Path, cancellation).ConfigureAwait(false);
        if (Exists) return;
        try
        {
            // Closed at once. Index opens it again with this object as its owner, so callers of GetService can't close it.
            (await WhenFreeAsync(() => SwanLiveIndex.Create(Path, settings, _options), cancellation).ConfigureAwait(false)).Dispose();
        }
        catch (IOException) when (Exists)
        {
            // Another process was faster.
            return;
        }
        Close();
    }

    /// <summary>Deletes the index, and the folder where nothing else is in it.</summary>
    /// <param name="cancellation">Ends the wait for a writer.</param>
    public async Task DeleteAsync(CancellationToken cancellation)
    {
        using IDisposable turn = await WriteTurns.TakeAsync(Path, cancellation).ConfigureAwait(false);
        if (!Exists) return;
        using (await WhenFreeAsync(() => WriterLock.Take(_folder, WriterLock.ThisProgram), cancellation).ConfigureAwait(false))
        {
            Close();
            // From here on the index is deleted, even if removing the rest fails.
            File.Delete(_folder.Manifest);
            if (Directory.Exists(_folder.Segments)) Directory.Delete(_folder.Segments, recursive: true);
            File.Delete(_folder.Holder);
            // While it is held: a later writer creates a new lock file. Windows can't delete an open file.
            if (!OperatingSystem.IsWindows()) File.Delete(_folder.Lock);
        }
        if (OperatingSystem.IsWindows()) File.Delete(_folder.Lock);
        if (!Directory.EnumerateFileSystemEntries(Path).Any()) Directory.Delete(Path);
    }

    /// <summary>Lets go of the index; snapshots live on.</summary>
    public void Dispose()
    {
        using Lock.Scope scope = _gate.EnterScope();
        _disposed = true;
        Close();
    }

    private SwanLiveIndex? Open()
    {
        if (!Exists)
        {
            Close();
            return null;
        }
        try
        {
            return _index ??= SwanLiveIndex.OpenShared(Path, _options, Owner);
        }
        catch (FileNotFoundException) when (!Exists)
        {
            return null;
        }
    }

    private void Close()
    {
        using Lock.Scope scope = _gate.EnterScope();
        _index?.Close();
        _index = null;
    }

    private async Task<T> WhenFreeAsync<T>(Func<T> take, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return take();
            }
            catch (SwanIndexLockedException) when (
                writerTimeout == Timeout.InfiniteTimeSpan || Stopwatch.GetElapsedTime(start) < writerTimeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation).ConfigureAwait(false);
            }
        }
    }

    // One commit per record makes one file per record. Eight are merged into one, as a long-lived writer does in the background.
    private static void Merge(SwanIndexWriter writer, CancellationToken cancellation)
    {
        try
        {
            writer.CompactTiers(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // What was written counts already; the next write merges.
        }
    }
}
