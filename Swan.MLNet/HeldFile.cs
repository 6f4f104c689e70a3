namespace Swan.MLNet;

/// <summary>Recognizes files that a process holds open, and leaves those that can't be removed.</summary>
internal static class HeldFile
{
    // Milliseconds; the waits before it are halves of each next one.
    private const int LongestWait = 1024;

    // Sharing and lock violations on Windows; EAGAIN, which .NET passes on as it is, on Linux and on macOS.
    private const int SharingViolation = unchecked((int)0x80070020), LockViolation = unchecked((int)0x80070021);

    /// <summary>Whether opening a file without sharing it failed because another process has it open.</summary>
    public static bool Is(IOException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.HResult is SharingViolation or LockViolation || error.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
    }

    /// <summary>Uses a file that readers may hold for a moment, which on Windows blocks replacing or opening it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">The use; on Windows, repeated for about two seconds while another process holds the file.</param>
    /// <exception cref="IOException">Another process holds it all the time.</exception>
    public static void WhenLetGo(string path, Action use)
    {
        if (OperatingSystem.IsWindows()) Again(path, use);
        else use();
    }

    /// <summary>The same whatever the system.</summary>
    internal static void Again(string path, Action use)
    {
        for (int wait = 1; ; wait *= 2)
        {
            try
            {
                use();
                return;
            }
            // Windows reports either for an open file.
            catch (Exception e) when (e is UnauthorizedAccessException || e is IOException error && Is(error))
            {
                if (wait > LongestWait)
                {
                    throw new IOException(
                        $"'{path}' can't be used: another program holds it open, or this one may not change it ({e.Message}). Swan tried "
                        + "for two seconds; the file is unchanged. Look for virus scanners, backups and programs that open it without "
                        + "sharing, and try again.", e);
                }
                Thread.Sleep(wait);
            }
        }
    }

    /// <summary>Removes a temporary folder with its contents, or leaves it if the file system refuses.</summary>
    /// <remarks>
    /// For cleanup, which must not hide a result or the first error. NFS keeps a loaded library under another name, so its folder is never
    /// empty; Windows keeps the library itself.
    /// </remarks>
    public static void TryRemoveFolder(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system's own cleaning of temporary files removes it.
        }
    }
}
