using Microsoft.Win32.SafeHandles;

namespace Swan.MLNet.ModelFiles;

/// <summary>A file that is open while in use, and is reopened by its path for a later use.</summary>
/// <remarks>
/// A user that keeps it open reads the same bytes even after another file has taken its path. This does not
/// prevent writes to the file for good, but .NET locks an open file, even on Unix, so it stays open only while in use. Safe for concurrent
/// use.
/// </remarks>
/// <param name="path">The file.</param>
internal sealed class SharedFile(string path)
{
    // The working folder may change.
    private readonly string _path = Path.GetFullPath(path);
    private readonly Lock _lock = new();
    private SafeFileHandle? _file;
    private int _uses;

    /// <summary>Keeps the file open until the result is disposed.</summary>
    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be opened.</exception>
    public IDisposable Keep() => Begin(out _);

    /// <summary>The whole file as a stream of its own, which keeps it open until it is disposed.</summary>
    /// <inheritdoc cref="Keep" path="/exception"/>
    public Stream Open()
    {
        Use use = Begin(out SafeFileHandle file);
        try
        {
            return new FilePart(file, 0, RandomAccess.GetLength(file), use);
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    private Use Begin(out SafeFileHandle file)
    {
        lock (_lock)
        {
            file = _file ??= File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _uses++;
            return new Use(this);
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_uses > 0) return;
            _file!.Dispose();
            _file = null;
        }
    }

    private sealed class Use(SharedFile file) : IDisposable
    {
        private SharedFile? _file = file;

        public void Dispose() => Interlocked.Exchange(ref _file, null)?.End();
    }
}
