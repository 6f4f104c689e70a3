using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Swan.MLNet;

/// <summary>A file that a reader sees whole or not at all, even after a power cut.</summary>
/// <remarks>
/// It is written under a temporary name in the same folder, flushed to disk and renamed, and the folder is flushed. The old file stays in
/// place until then. If the path is a link, the link's target is replaced and the link stays. A replaced file keeps its Unix permissions
/// (on Windows, the new file has those of its folder).
/// <code>
/// using AtomicFile file = AtomicFile.Create(path);
/// Write(file.Stream);
/// file.Commit(); // without it, Dispose leaves everything as it was
/// </code>
/// </remarks>
internal sealed class AtomicFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly string _target, _temporary;

    private AtomicFile(string target, string temporary)
    {
        (_target, _temporary) = (target, temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = BufferSize,
        };
        UnixFileMode? mode = OperatingSystem.IsWindows() || !File.Exists(target) ? null : File.GetUnixFileMode(target);
        // The file is never more readable than its final mode, even while it is written. A leftover temporary keeps its own mode, hence the
        // second step.
        if (mode is { } narrow && !OperatingSystem.IsWindows()) options.UnixCreateMode = narrow;
        Stream = new FileStream(temporary, options);
        try
        {
            if (mode is { } kept && !OperatingSystem.IsWindows() && File.GetUnixFileMode(Stream.SafeFileHandle) != kept)
                File.SetUnixFileMode(Stream.SafeFileHandle, kept);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The stream for the content; seekable.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The destination; its folder is created.</param>
    public static AtomicFile Create(string path)
    {
        (string target, string temporary) = Names(path);
        return new AtomicFile(target, temporary);
    }

    /// <summary>The file that a path leads to, and a temporary name beside it; its folder is created.</summary>
    /// <param name="path">The destination.</param>
    internal static (string Target, string Temporary) Names(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath.ThrowIfNotText(path);
        string target = Path.GetFullPath(path);
        // Deployments switch versions with links: the link is theirs, the file behind it is ours.
        if (new FileInfo(target).LinkTarget is not null) target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        string folder = Path.GetDirectoryName(target)
            ?? throw new ArgumentException($"'{path}' is a root folder, but a file name is needed.", nameof(path));
        CreateFolder(folder);
        return (target, Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp"));
    }

    /// <summary>Begins a file with the caller's temporary name, to find it again after a crash.</summary>
    /// <param name="path">The destination; a link with this name is replaced.</param>
    /// <param name="temporary">A name in the destination's folder; a leftover file is overwritten.</param>
    public static AtomicFile Create(string path, string temporary) => new(path, temporary);

    /// <summary>Writes <paramref name="path"/> with what <paramref name="write"/> puts into the stream; on failure the old file
    /// stays.</summary>
    /// <param name="path">The destination; its folder is created.</param>
    /// <param name="write">Gets a seekable stream.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using AtomicFile file = Create(path);
        write(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Deletes a file, if it exists, so it stays deleted after a power cut.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        File.Delete(path);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="IOException">
    /// The file can't be flushed to disk, or the existing file can't be replaced. If only the folder can't be flushed, the file has its
    /// name.
    /// </exception>
    public void Commit() => Commit(_target);

    /// <summary>Gives the file a name that was unknown when it was begun.</summary>
    /// <param name="path">In the same folder; an existing file is replaced.</param>
    /// <inheritdoc cref="Commit()" path="/exception"/>
    public void Commit(string path)
    {
        Rename(path);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Gives the file its name, which a power cut may undo until the caller has called <see cref="FlushFolder"/>.</summary>
    /// <exception cref="IOException">The file can't be flushed to disk, or the existing file can't be replaced; that one is
    /// unchanged.</exception>
    public void Rename() => Rename(_target);

    private void Rename(string path) => Rename(Stream, _temporary, path);

    /// <summary>The same for a file written elsewhere.</summary>
    /// <param name="written">The file, open for writing; it is closed.</param>
    /// <param name="temporary">Its current name.</param>
    /// <param name="path">Its new name, in the same folder.</param>
    /// <exception cref="IOException">The file can't be flushed to disk, or the existing file can't be replaced; that one is
    /// unchanged.</exception>
    internal static void Rename(FileStream written, string temporary, string path)
    {
        Flush(written, path);
        written.Dispose();
        HeldFile.WhenLetGo(path, () => File.Move(temporary, path, overwrite: true));
    }

    /// <summary>Leaves no temporary file.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // On a full disk the rest of the buffer can't be written either; the first failure is already on its way to the caller.
        }
        File.Delete(_temporary);
    }

    /// <summary>Flushes a file's bytes to disk.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">Its name in error messages.</param>
    /// <exception cref="IOException">The disk reports an error.</exception>
    // .NET's own flush ignores a disk's errors (EIO). On macOS it does more than fsync, which follows it there.
    internal static void Flush(FileStream stream, string name)
    {
        stream.Flush(flushToDisk: !OperatingSystem.IsLinux());
        if (OperatingSystem.IsWindows()) return;
        int error = Uninterrupted(() => Synchronize(stream.SafeFileHandle));
        if (error is 0 or Invalid or ReadOnly || NotOffered.Contains(error)) return;
        throw new IOException(
            $"'{name}' can't be written: flushing it to disk failed ({Marshal.GetPInvokeErrorMessage(error)}). The previous file is "
            + "unchanged. Check the disk and the system's log.", error);
    }

    /// <summary>Creates a folder and its parents, so they exist after a power cut.</summary>
    internal static void CreateFolder(string folder)
    {
        IReadOnlyList<string> missing = FilePath.MissingFolders(folder);
        Directory.CreateDirectory(folder);
        foreach (string made in missing) FlushFolder(Path.GetDirectoryName(made)!);
    }

    /// <summary>Flushes a folder's names to disk, which makes new files and folders in it safe.</summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    // .NET can't open folders; Windows doesn't need this.
    internal static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        // Some file systems (network, FUSE) don't allow opening or flushing a folder, and keep names safe themselves.
        int handle = Open(folder, 0); // O_RDONLY
        int error = handle < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (error is Denied or IsFolder) return;
        if (error == 0)
        {
            error = Uninterrupted(() => Synchronize(handle));
            _ = Close(handle);
            if (error is 0 or BadHandle or Invalid || NotOffered.Contains(error)) return;
        }
        throw new IOException(
            $"The folder '{folder}' can't be flushed to disk: {Marshal.GetPInvokeErrorMessage(error)}. If the machine loses power, files "
            + "written there last may be lost or revert to their previous content. Check the disk and the system's log.", error);
    }

    private static int Uninterrupted(Func<int> synchronize)
    {
        int error;
        do error = synchronize() == 0 ? 0 : Marshal.GetLastPInvokeError();
        while (error == Interrupted);
        return error;
    }

    // EINTR, EBADF, EACCES, EISDIR, EINVAL, EROFS
    private const int Interrupted = 4, BadHandle = 9, Denied = 13, IsFolder = 21, Invalid = 22, ReadOnly = 30;

    // ENOSYS and EOPNOTSUPP on Linux, ENOTSUP, ENOSYS and EOPNOTSUPP on macOS.
    private static readonly int[] NotOffered = OperatingSystem.IsMacOS() ? [45, 78, 102] : [38, 95];

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int handle);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(SafeFileHandle handle);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int handle);
}
