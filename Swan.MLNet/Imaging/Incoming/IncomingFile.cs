using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>An image file, opened once and read as far as it was long then.</summary>
internal sealed class IncomingFile : IncomingImage
{
    private readonly string _path;
    private readonly ImageDecodingOptions _options;
    private readonly string _given;
    private readonly FolderFence? _fence;
    private SafeFileHandle? _file;
    private PooledBuffer? _buffer;

    /// <param name="path">As it was given.</param>
    /// <param name="options">Limits.</param>
    /// <param name="folder">The folder that a relative path starts from; null: the current one.</param>
    /// <param name="fence">The folder that the path must not leave; null allows any path.</param>
    public IncomingFile(string path, ImageDecodingOptions options, string? folder = null, FolderFence? fence = null)
    {
        // Joined with a folder, an empty path would name the folder.
        _path = folder is null || path.Length == 0 ? path : Path.Combine(folder, path);
        (_options, _given, _fence) = (options, path, fence);
    }

    /// <summary>The bytes read; valid while this is held.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    public override bool Reads => true;

    public override bool IsSlow => WorkFrame.Process.Storage.IsSlow;

    public override RgbImage Decode() => ImageDecoder.Decode(Bytes, _path, _options);

    public override void Dispose()
    {
        _file?.Dispose();
        Bytes = default;
        _buffer?.Dispose();
        base.Dispose();
    }

    // A link has its own length.
    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }

    /// <exception cref="SwanImageException">The file is missing, empty or too large, or it can't be read.</exception>
    /// <exception cref="IOException">The machine can't read it: <see cref="MachineFault"/>.</exception>
    protected override bool ReadOn()
    {
        if (_path.Length == 0)
            throw new SwanImageException(_path, ImageFault.Missing, "the path is empty. Give the path of an image file.");
        long start = Stopwatch.GetTimestamp();
        try
        {
            FilePath.ThrowIfNotText(_path);
            if (_file is null) _fence?.Check(_given);
            // Before it is opened: opening a pipe that nobody writes to would never end.
            if (_file is null) ImageDecoder.CheckLength(_path, Target(_path).Length, _options);
            _file ??= File.OpenHandle(_path, options: FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(_file);
            ImageDecoder.CheckLength(_path, length, _options);
            if (!TakeRoom(BufferPool.SizeOf(length))) return false;
            _buffer ??= WorkFrame.Process.Buffers.Rent((int)length);
            int read = 0;
            while (read < length && RandomAccess.Read(_file, _buffer.Span[read..(int)length], read) is > 0 and int more) read += more;
            Bytes = _buffer.Memory[..read];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !MachineFault.Is(e))
        {
            if (Directory.Exists(_path))
                throw new SwanImageException(_path, ImageFault.Unreadable, "it is a folder. Give the path of an image file.");
            throw new SwanImageException(_path, ImageFault.Missing,
                FilePath.WhyMissing(_path)
                ?? (Path.IsPathFullyQualified(_path)
                    ? "there is no such file. Check the path, and the image folder that it is relative to."
                    : $"there is no such file (looked for '{Path.GetFullPath(_path)}'). Check the path, "
                        + "and the folder that it is relative to."));
        }
        catch (Exception e) when (e is IOException && !MachineFault.Is(e)
            || e is UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new SwanImageException(_path, ImageFault.Unreadable, $"the file can't be read: {e.Message}", e);
        }
        _file.Dispose();
        WorkFrame.Process.Storage.Observe(Stopwatch.GetElapsedTime(start));
        return true;
    }
}
