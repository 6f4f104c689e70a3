using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>An image file, opened once and read as far as it was long then.</summary>
internal sealed class IncomingFile(string path, ImageDecodingOptions options) : IncomingImage
{
    private SafeFileHandle? _file;

    /// <summary>What was read.</summary>
    public byte[] Bytes { get; private set; } = [];

    public override bool Reads => true;

    public override bool IsSlow => WorkFrame.Process.Storage.IsSlow;

    public override RgbImage Decode() => ImageDecoder.Decode(Bytes, path, options);

    public override void Dispose()
    {
        _file?.Dispose();
        Bytes = [];
        base.Dispose();
    }

    // A link has a length of its own.
    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
    }

    /// <exception cref="SwanImageException">The file is missing, empty or too large, or it can't be read.</exception>
    /// <exception cref="IOException">The machine can't read it: <see cref="MachineFault"/>.</exception>
    protected override bool ReadOn()
    {
        if (path.Length == 0) throw new SwanImageException(path, ImageFault.Missing, "the path is empty. Give the path of an image file.");
        long start = Stopwatch.GetTimestamp();
        try
        {
            FilePath.ThrowIfNotText(path);
            // Before it is opened: opening a pipe that nobody writes to would never end.
            if (_file is null) ImageDecoder.CheckLength(path, Target(path).Length, options);
            _file ??= File.OpenHandle(path, options: FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(_file);
            ImageDecoder.CheckLength(path, length, options);
            if (!TakeRoom(length)) return false;
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
            int read = 0;
            while (read < bytes.Length && RandomAccess.Read(_file, bytes.AsSpan(read), read) is > 0 and int more) read += more;
            Array.Resize(ref bytes, read);
            Bytes = bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !MachineFault.Is(e))
        {
            if (Directory.Exists(path))
                throw new SwanImageException(path, ImageFault.Unreadable, "it is a folder. Give the path of an image file.");
            throw new SwanImageException(path, ImageFault.Missing,
                FilePath.WhyMissing(path)
                ?? (Path.IsPathFullyQualified(path)
                    ? "there is no such file. Check the path, and the image folder that it is relative to."
                    : $"there is no such file (looked for '{Path.GetFullPath(path)}'). Check the path, "
                        + "and the folder that it is relative to."));
        }
        catch (Exception e) when (e is IOException && !MachineFault.Is(e)
            || e is UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new SwanImageException(path, ImageFault.Unreadable, $"the file can't be read: {e.Message}", e);
        }
        _file.Dispose();
        WorkFrame.Process.Storage.Observe(Stopwatch.GetElapsedTime(start));
        return true;
    }
}
