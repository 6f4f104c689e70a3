using System.Runtime.InteropServices;

namespace Swan.MLNet.Imaging;

/// <summary>Separates failures of the machine from faults of one file.</summary>
/// <remarks>
/// Only known faults of one file count as that file's: it is missing, forbidden, a folder, in use, or its name is invalid. Any other answer
/// of the operating system (too many open files, a failing disk, a stale mount, a network that is down) would affect the next file, too.
/// This class uses only types of the core library, because a process without file handles can't load others.
/// </remarks>
internal static class MachineFault
{
    private const int FacilityMask = unchecked((int)0xFFFF0000), Win32 = unchecked((int)0x80070000);

    // .NET passes errno on as it is. EPERM, ENOENT, EAGAIN (a lock, on Linux), EACCES, EBUSY, EEXIST, ENOTDIR, EISDIR, EINVAL, ETXTBSY and
    // EFBIG have the same numbers on all systems; EAGAIN, ENAMETOOLONG, ELOOP, EOVERFLOW and EILSEQ follow for Linux, and then for macOS.
    private static readonly HashSet<int> OneFile =
    [
        1, 2, 13, 16, 17, 20, 21, 22, 26, 27,
        .. OperatingSystem.IsLinux() ? (int[])[11, 36, 40, 75, 84] : [35, 63, 62, 84, 92],
    ];

    // File or path not found, access denied, sharing and lock violations, end of file, invalid and bad names, file exists, a name too
    // long, a folder, too large, a virus, a link that leads nowhere.
    private static readonly HashSet<int> OneFileOnWindows = [2, 3, 5, 32, 33, 38, 80, 111, 123, 161, 183, 206, 223, 225, 267, 1920, 1921];

    /// <summary>Whether an input or output error, or one that caused it, is the machine's.</summary>
    public static bool Is(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            // Sockets and system calls throw external exceptions.
            if (cause is OutOfMemoryException or ExternalException or FileLoadException || IsAssembly(cause)
                || cause is IOException && IsCode(cause.HResult))
                return true;
        }
        return false;
    }

    /// <summary>Whether a native library or an assembly of this program is missing or doesn't work here.</summary>
    public static bool IsOfTheProgram(Exception error) =>
        error is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or BadImageFormatException;

    // A missing or unreadable part of the program is not a missing image.
    private static bool IsAssembly(Exception error) =>
        error is FileNotFoundException { FileName: { } name } && name.Contains(", PublicKeyToken=", StringComparison.Ordinal);

    /// <summary>Throws if this process can open no file at all.</summary>
    /// <remarks>For failures whose cause a component keeps to itself.</remarks>
    /// <exception cref="IOException">So it is.</exception>
    public static void ThrowIfNoFileOpens()
    {
        if (Environment.ProcessPath is not { } program) return;
        try
        {
            File.OpenHandle(program).Dispose();
        }
        catch (Exception e) when (!Is(e))
        {
            // It is this one file that can't be opened.
        }
    }

    private static bool IsCode(int code) => code switch
    {
        // What managed code threw without a code of the system.
        < 0 when (code & FacilityMask) != Win32 => false,
        < 0 => !OneFileOnWindows.Contains(code & 0xFFFF),
        _ => code != 0 && !OneFile.Contains(code),
    };
}
