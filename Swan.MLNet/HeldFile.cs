namespace Swan.MLNet;

/// <summary>Tells a file that another process holds from one that can't be opened for another reason.</summary>
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
}
