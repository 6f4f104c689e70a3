using Microsoft.Extensions.Logging;
using Swan.MLNet.Diagnostics;

namespace Swan.MLNet.Hosting;

/// <summary>The result of a look at a file's new content.</summary>
internal enum FileLook
{
    /// <summary>It was read; there is nothing more to do until it changes.</summary>
    Done,

    /// <summary>It changed while it was read, or isn't there now: look again.</summary>
    Again,
}

/// <summary>
/// Reports when a file has new content that no longer changes: by the operating system's notifications, and by polling, which is slower
/// but always works.
/// </summary>
/// <remarks>
/// A file is read again once after it was taken, although it seems unchanged. With coarse times (2 s on some network shares), a change
/// within the same tick leaves length and time as they were. Container images, package managers and archives may give every version the
/// same time, and pipelines of one shape have the same length. So it is also read again at every thirtieth look. The callback recognizes
/// content that it has seen.
/// </remarks>
internal sealed class PipelineFileWatch : IDisposable
{
    private const int LooksPerReading = 30;

    private readonly string _path;
    private readonly TimeSpan _quiet;
    private readonly TimeSpan _poll;
    private readonly Func<FileLook> _rested;
    private readonly Action _gone;
    private readonly ILogger _logger;
    private readonly FileSystemWatcher? _watcher;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private FileStamp? _taken;
    private bool _lookOnceMore = true;
    private bool _goneTold;
    private long _looks;
    private int _unchanged;

    /// <summary>Begins.</summary>
    /// <param name="options">Full path and times.</param>
    /// <param name="taken">The stamp of the content that is in use.</param>
    /// <param name="rested">Called when there may be a new content; never twice at the same time.</param>
    /// <param name="gone">Called when there is no file any more.</param>
    /// <param name="logger">Gets what goes wrong.</param>
    public PipelineFileWatch(SwanPredictionEnginePoolOptions options, FileStamp? taken, Func<FileLook> rested, Action gone, ILogger logger)
    {
        _path = options.PipelinePath;
        _quiet = options.QuietPeriod;
        _poll = options.PollInterval;
        _taken = taken;
        _rested = rested;
        _gone = gone;
        _logger = logger;
        if (options.Watch) _watcher = StartWatcher();
        // The loop outlives whatever request made the pool, so it must not carry that request's trace and log scopes.
        using (ExecutionContext.SuppressFlow()) _loop = Task.Run(LoopAsync);
    }

    /// <summary>Looks at the file so far: tests wait for them instead of for time.</summary>
    internal long Looks => Interlocked.Read(ref _looks);

    /// <summary>Ends; waits for a callback that is running.</summary>
    public void Dispose()
    {
        _watcher?.Dispose();
        _stop.Cancel();
        _loop.GetAwaiter().GetResult();
        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await LookAsync(told: await _wake.WaitAsync(_poll, _stop.Token).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, the next look may succeed: only disposal ends this loop.
                Tell(e);
            }
        }
    }

    private void Tell(Exception fault)
    {
        try
        {
            _logger.PipelineUnreadable(fault, _path);
        }
        catch (Exception)
        {
            // A logger may have failed, so the fault can't be reported.
        }
    }

    private async Task LookAsync(bool told)
    {
        if (!told && !_lookOnceMore && Stamp() == _taken && ++_unchanged % LooksPerReading != 0) return;
        while (await RestAsync().ConfigureAwait(false) is FileStamp rested)
        {
            _goneTold = false;
            if (_rested() == FileLook.Again) continue;
            _lookOnceMore = rested != _taken;
            _taken = rested;
            return;
        }
        if (!_goneTold) _gone();
        _goneTold = true;
    }

    /// <summary>Waits until the file has stayed as it is for the quiet period; null if it is gone.</summary>
    private async Task<FileStamp?> RestAsync()
    {
        FileStamp? now = Stamp(), before;
        do
        {
            before = now;
            await Task.Delay(_quiet, _stop.Token).ConfigureAwait(false);
            now = Stamp();
        }
        while (now != before);
        return now;
    }

    private FileStamp? Stamp()
    {
        FileStamp? stamp = FileStamp.Read(_path);
        Interlocked.Increment(ref _looks);
        return stamp;
    }

    private FileSystemWatcher? StartWatcher()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!, Path.GetFileName(_path))
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += (_, _) => Wake();
            watcher.Created += (_, _) => Wake();
            watcher.Renamed += (_, _) => Wake();
            watcher.Deleted += (_, _) => Wake();
            watcher.Error += (_, e) =>
            {
                _logger.WatcherFailed(e.GetException(), _path, _poll);
                Wake();
            };
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or PlatformNotSupportedException or UnauthorizedAccessException)
        {
            // No folder, no inotify instances left, a file system that can't: looking finds changes too.
            watcher?.Dispose();
            _logger.WatcherFailed(e, _path, _poll);
            return null;
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception e) when (e is SemaphoreFullException or ObjectDisposedException)
        {
            // It is awake already, or has ended.
        }
    }
}
