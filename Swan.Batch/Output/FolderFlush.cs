using System.Runtime.InteropServices;

namespace Swan.Batch.Output;

/// <summary>Flushes a folder, so that a renamed file keeps its new name after a power cut. .NET opens no folders; Windows needs no such thing.</summary>
internal static class FolderFlush
{
    /// <summary>Does what the file system offers; some (network, FUSE) offer nothing, and keep names safe themselves.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int handle = Open(folder, 0); // O_RDONLY
        if (handle < 0) return;
        _ = Synchronize(handle);
        _ = Close(handle);
    }

    /// <summary>Deletes a file, if it is there, so that it stays deleted.</summary>
    public static void Delete(string file)
    {
        if (!File.Exists(file)) return;
        File.Delete(file);
        Flush(Path.GetDirectoryName(file)!);
    }

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Synchronize(int handle);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int handle);
}
