using System.Runtime.InteropServices;

namespace Swan.Batch.Stores;

/// <summary>Names a file unless there is one of that name, in one step that no other process can come between.</summary>
/// <remarks>
/// .NET's <see cref="File.Move(string, string, bool)"/> looks first and renames then: on Linux and macOS two processes may both succeed.
/// </remarks>
internal static class NewName
{
    // EPERM, EEXIST, EINVAL, EMLINK
    private const int NotPermitted = 1, Exists = 17, Invalid = 22, TooManyLinks = 31;

    // ENOSYS, EOPNOTSUPP; ENOTSUP, ENOSYS and EOPNOTSUPP on macOS.
    private static readonly int[] NotOffered = OperatingSystem.IsMacOS() ? [45, 78, 102] : [38, 95];

    /// <summary>Gives a file its name.</summary>
    /// <param name="temporary">The file; it has this name no longer, unless the answer is false.</param>
    /// <param name="path">Its name, in the same folder.</param>
    /// <returns>False where a file has the name already; it stays as it is.</returns>
    /// <exception cref="IOException">The file system can't do that.</exception>
    public static bool TryGive(string temporary, string path)
    {
        if (OperatingSystem.IsWindows()) return TryMove(temporary, path);
        int error = Link(temporary, path) == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (error == 0) File.Delete(temporary);
        // FAT has no second names, and some folders that are mounted from elsewhere haven't.
        else if (OperatingSystem.IsLinux() && (error is NotPermitted or TooManyLinks || NotOffered.Contains(error)))
            error = RenameNew(temporary, path);
        return error switch
        {
            0 => true,
            Exists => false,
            _ => throw new IOException(
                $"'{path}' can't be created: the file system can't create a file only if its name is free, in one step "
                + $"({Marshal.GetPInvokeErrorMessage(error)}). Without that, two processes could both believe that they wrote it. "
                + "Use a folder on another file system.", error),
        };
    }

    private static bool TryMove(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>The way for file systems without second names.</summary>
    /// <returns>The system's error number; 0: none.</returns>
    internal static int RenameNew(string temporary, string path)
    {
        const int CurrentFolder = -100, NoReplace = 1;
        try
        {
            return RenameAt(CurrentFolder, temporary, CurrentFolder, path, NoReplace) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        catch (EntryPointNotFoundException)
        {
            return Invalid;
        }
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    private static extern int RenameAt(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int newFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        uint flags);
}
