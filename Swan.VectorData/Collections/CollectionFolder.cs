using System.Diagnostics;
using Microsoft.Extensions.VectorData;
using Swan.MLNet.Search;

namespace Swan.VectorData.Collections;

/// <summary>The index of one collection: opened when it is first asked for, and again where it was deleted and made anew.</summary>
/// <remarks>All collections that a store hands out for one name share it. Safe for concurrent use.</remarks>
/// <param name="path">The folder.</param>
/// <param name="refreshInterval">See <see cref="SwanLiveIndexOptions.RefreshInterval"/>.</param>
/// <param name="writerTimeout">How long to wait for a writer of another process.</param>
internal sealed class CollectionFolder(string path, TimeSpan refreshInterval, TimeSpan writerTimeout) : IDisposable
{
    private static readonly IndexOwner Owner = new(
        typeof(VectorStore).FullName!,
        "The collection's index is closed, because the collection was deleted or its store is disposed. Ask the collection again.");

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

    /// <summary>Pins the latest state; null where there is no index.</summary>
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

    /// <summary>The index; null where there is none.</summary>
    public SwanLiveIndex? Index()
    {
        using Lock.Scope scope = _gate.EnterScope();
        return Open();
    }

    /// <summary>Waits for the turn to write within this process, and for the end of what another process writes.</summary>
    /// <param name="change">Gets a writer, or null where there is no index.</param>
    /// <param name="cancellation">Ends the wait; <paramref name="change"/> has to look for itself.</param>
    /// <exception cref="SwanIndexLockedException">Another process writes, and went on to for longer than the timeout.</exception>
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
            // Closed at once: Index opens it as this object's own, so that nobody to whom GetService hands it out closes it.
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
            // From here on it isn't there, whatever happens to the rest.
            File.Delete(_folder.Manifest);
            if (Directory.Exists(_folder.Segments)) Directory.Delete(_folder.Segments, recursive: true);
            File.Delete(_folder.Holder);
            // While it is held: who takes it later takes a file of its own. Windows deletes no file that is open.
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

    // A commit a record makes a file a record. Eight become one, which is what a writer that lives for long does in the background.
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
