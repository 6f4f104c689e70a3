using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Swan.MLNet;

namespace Swan.Training.Native;

/// <summary>A libtorch from outside of the program takes the place of the program's own.</summary>
/// <remarks>
/// TorchSharp's static constructor loads libtorch from beside the program, by path, where it lies there. A process can't hold two: the
/// second aborts it. So stand-ins answer to those paths, and LibTorchSharp binds to the libtorch that is already in the process.
/// </remarks>
internal static partial class ExternalLibTorch
{
    private const int Lazy = 1, OnlyIfLoaded = 4; // RTLD_LAZY, RTLD_NOLOAD

    /// <summary>The libraries of a CPU or CUDA build that LibTorchSharp needs, in the order in which they need each other.</summary>
    public static IReadOnlyList<string> Libraries { get; } =
        ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    /// <summary>Checks that no other libtorch is in the process: TorchSharp may have been used before this library.</summary>
    /// <param name="folder">The folder to load libtorch from.</param>
    /// <param name="own">The paths that the program's own libtorch can have.</param>
    /// <exception cref="SwanTrainingException">There is one, and a second would abort the process.</exception>
    public static void RefuseSecond(string folder, IEnumerable<string> own)
    {
        // A name without a folder is compared with what loaded libraries call themselves, wherever they lie.
        foreach (string loaded in own.Prepend(LibTorchFiles.LibTorch))
        {
            nint handle = Open(loaded, Lazy | OnlyIfLoaded);
            string asked = Path.GetFullPath(Path.Combine(folder, Path.GetFileName(loaded)));
            if (handle == 0 || handle == Open(asked, Lazy | OnlyIfLoaded)) continue;
            throw new SwanTrainingException(
                $"{TorchLibrary.LibTorchVariable} is '{folder}', but this program already uses another libtorch ('{loaded}'), and a "
                + "process can't load two. Set the variable before the program starts and call TorchLibrary.Prepare() before it uses "
                + "TorchSharp, or unset the variable.");
        }
    }

    /// <summary>Whether two paths lead to one file, which the loader takes for one library.</summary>
    public static bool IsSameFile(string one, string other) => Path.GetFullPath(one) == Path.GetFullPath(other)
        || (IdentityOf(one) is { } identity && identity == IdentityOf(other));

    /// <summary>Loads all that the folder has of libtorch.</summary>
    /// <returns>The handle of libtorch_cpu.</returns>
    /// <exception cref="DllNotFoundException">A library can't be loaded.</exception>
    public static nint Load(string folder)
    {
        nint cpu = 0;
        foreach (string name in Libraries)
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            // LibTorchSharp finds libtorch by name: what is already in the process is taken.
            nint handle = NativeLibrary.Load(path);
            if (name == LibTorchFiles.LibTorch) cpu = handle;
        }

        return cpu;
    }

    /// <summary>Checks that TorchSharp can use it.</summary>
    /// <exception cref="SwanTrainingException">It is of another version than <see cref="TorchLibrary.VersionVariable"/> allows.</exception>
    public static void CheckVersion(string folder, Version? found)
    {
        Version expected = LibTorchVersion.BuiltWith;
        if (Allows(found, expected.ToString())) return;
        string? allowed = Environment.GetEnvironmentVariable(TorchLibrary.VersionVariable);
        if (found is not null && Allows(found, allowed)) return;
        string version = found is null ? "a libtorch that is too old to report its version" : $"libtorch {found}";
        throw new SwanTrainingException(
            $"{TorchLibrary.LibTorchVariable} is '{folder}', which has {version}, but TorchSharp's native library was built with "
            + $"{expected}. C++ interfaces change from version to version, so calls could fail or give wrong results. Give the folder "
            + $"of a libtorch {expected} ('pip install torch=={expected}' puts it in 'torch/lib'), or unset the variable"
            + (found is null ? "." : $", or set {TorchLibrary.VersionVariable} to {found.ToString(2)} to try it."));
    }

    private static bool Allows(Version? found, string? version) =>
        found is not null && Version.TryParse(version, out Version? parsed) && (parsed.Major, parsed.Minor) == (found.Major, found.Minor);

    /// <summary>From now on, a load of one of these files gives an empty library.</summary>
    /// <param name="files">Paths as the runtime spells them.</param>
    /// <exception cref="SwanTrainingException">The system's loader doesn't do so, or the libraries can't be written and loaded.</exception>
    public static void Hide(IEnumerable<string> files)
    {
        string[] paths = [.. files.Distinct().Where(File.Exists).Where(path => Open(path, Lazy | OnlyIfLoaded) == 0)];
        if (paths.Length == 0) return;
        try
        {
            HideAll(paths);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            throw new SwanTrainingException(
                $"{TorchLibrary.LibTorchVariable} is set, but this program includes its own libtorch, and the empty libraries of 400 bytes "
                + $"that hide it can't be written to '{Path.GetTempPath()}' and loaded from there: {e.Message} Set TMPDIR to a writable "
                + "folder from which programs may run, or unset the variable.", e);
        }
    }

    private static void HideAll(string[] paths)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("swan-torch-");
        try
        {
            foreach (string path in paths)
            {
                string file = Path.Combine(folder.FullName, Path.GetRandomFileName());
                File.WriteAllBytes(file, StandInLibrary.Named(path));
                NativeLibrary.Load(file);
                if (Open(path, Lazy | OnlyIfLoaded) != 0) continue;
                throw new SwanTrainingException(
                    $"{TorchLibrary.LibTorchVariable} is set, but this program includes its own libtorch ('{path}'), and this system's "
                    + "loader can't be kept from loading it. A process can't load two. Unset the variable, or publish the program without "
                    + "libtorch: 'dotnet publish Swan.Cli -c Release -p:PublishLibTorch=false'.");
            }
        }
        finally
        {
            HeldFile.TryRemoveFolder(folder.FullName);
        }
    }

    // struct statx: the inode at 32, the device's two numbers at 136 and 140.
    private static (ulong Inode, ulong Device)? IdentityOf(string path)
    {
        const int FromWorkingFolder = -100, Inode = 0x100;
        Span<byte> said = stackalloc byte[256];
        if (Stat(FromWorkingFolder, path, 0, Inode, said) != 0) return null;
        return (BinaryPrimitives.ReadUInt64LittleEndian(said[32..]), BinaryPrimitives.ReadUInt64LittleEndian(said[136..]));
    }

    [LibraryImport("libc.so.6", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, Span<byte> said);

    [LibraryImport("libdl.so.2", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);
}
