namespace Swan.MLNet;

/// <summary>Files that a process holds: told from those that fail for another reason, and left where they can't be removed.</summary>
internal static class HeldFile
{
    // Sharing and lock violations on Windows; EAGAIN, which .NET passes on as it is, on Linux and on macOS.
    private const int SharingViolation = unchecked((int)0x80070020), LockViolation = unchecked((int)0x80070021);

    /// <summary>Whether opening a file without sharing it failed because another process has it open.</summary>
    public static bool Is(IOException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.HResult is SharingViolation or LockViolation || error.HResult == (OperatingSystem.IsLinux() ? 11 : 35);
    }

    /// <summary>Removes a temporary folder with all that is in it, or leaves it where the file system doesn't let it.</summary>
    /// <remarks>
    /// For cleaning up, which must not take the place of a result or of the first error: NFS keeps a loaded library under another name, so
    /// its folder is never empty, and Windows keeps it as it is.
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
