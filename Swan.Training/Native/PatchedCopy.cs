using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Swan.MLNet;

namespace Swan.Training.Native;

/// <summary>A copy of LibTorchSharp that an older libstdc++ loads (<see cref="ElfSymbolVersion"/>).</summary>
/// <remarks>
/// It is kept in the user's folder. If that is not writable, it lies in a temporary folder of this process alone until it is loaded:
/// another user could have put a file into a shared folder, or change it.
/// </remarks>
internal sealed class PatchedCopy : IDisposable
{
    private readonly string _shipped;
    private readonly string? _temporary;

    private PatchedCopy(string shipped, string location, string? temporary) =>
        (_shipped, Location, _temporary) = (shipped, location, temporary);

    /// <summary>Whether it goes when this is disposed of.</summary>
    public bool IsTemporary => _temporary is not null;

    /// <summary>Where it lies.</summary>
    public string Location { get; }

    /// <summary>Writes the copy, or finds it.</summary>
    /// <param name="shipped">TorchSharp's own file.</param>
    /// <param name="userFolder">Where a user's programs keep data; empty where there is no such folder.</param>
    /// <exception cref="SwanTrainingException">The file can't be patched, or the copy can't be written anywhere.</exception>
    public static PatchedCopy Of(string shipped, string userFolder)
    {
        byte[] image = File.ReadAllBytes(shipped);
        string name = Path.Combine("swan", "torch", Assembly.GetExecutingAssembly().GetName().Version?.ToString() ?? "0",
            Convert.ToHexStringLower(SHA256.HashData(image))[..16], Path.GetFileName(shipped));
        if (ElfSymbolVersion.Lower(image) == 0)
            throw new SwanTrainingException(
                $"'{shipped}' could not be loaded, but not because of the libstdc++ version, which has a workaround. Run 'ldd {shipped}' "
                + $"to see what is missing.");
        Exception? refused = null;
        if (userFolder.Length > 0)
        {
            string kept = Path.Combine(userFolder, name);
            if (TryWrite(kept, image, ref refused, out bool isNew))
            {
                if (isNew)
                    Console.Error.WriteLine($"swan: libstdc++ is older than TorchSharp expects: wrote '{kept}', a copy of LibTorchSharp "
                        + "that requires an older one. This happens once.");
                return new(shipped, kept, temporary: null);
            }
        }

        // A container's user often has a home that can't be written to.
        if (TryMakeTemporary(ref refused) is { } folder)
        {
            string temporary = Path.Combine(folder, name);
            if (TryWrite(temporary, image, ref refused, out _)) return new(shipped, temporary, folder);
            HeldFile.TryRemoveFolder(folder);
        }

        throw new SwanTrainingException(
            "libstdc++ is older than TorchSharp expects, and a copy of LibTorchSharp that requires an older one can't be written to "
            + $"the user's folder or a temporary one: {refused!.Message} Set XDG_DATA_HOME or TMPDIR to a writable folder, "
            + "or use a newer system (libstdc++ of GCC 13).", refused);
    }

    /// <summary>Loads it, for the process.</summary>
    /// <exception cref="SwanTrainingException">The system lacks what it needs.</exception>
    public nint Load()
    {
        try
        {
            return NativeLibrary.Load(Location);
        }
        catch (DllNotFoundException e)
        {
            throw new SwanTrainingException(
                $"TorchSharp's native library could not be loaded, neither as shipped ('{_shipped}') nor with its libstdc++ import lowered "
                + $"('{Location}'): {e.Message} It needs glibc 2.31 or newer and libstdc++ 6.0.28 or newer: install 'libstdc++6' and "
                + "'libgomp1', or use Debian 12, Ubuntu 22.04 or a newer system.", e);
        }
    }

    /// <summary>Removes a temporary one, where the file system lets it; what is loaded stays loaded.</summary>
    public void Dispose()
    {
        if (_temporary is not null) HeldFile.TryRemoveFolder(_temporary);
    }

    private static string? TryMakeTemporary(ref Exception? refused)
    {
        try
        {
            return Directory.CreateTempSubdirectory("swan-torch-").FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refused ??= e;
            return null;
        }
    }

    private static bool TryWrite(string path, byte[] image, ref Exception? refused, out bool isNew)
    {
        isNew = false;
        try
        {
            // Compared, not trusted: the folder may lie where others can write.
            if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(image)) return true;
            AtomicFile.Write(path, stream => stream.Write(image));
            return isNew = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refused ??= e;
            return false;
        }
    }
}
