using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using Swan.MLNet;
using Swan.MLNet.Encoders;

namespace Swan.Training.Native;

/// <summary>Lets TorchSharp load where the system's libstdc++ is older than the one it was built with (Debian 12, Ubuntu 22.04).</summary>
/// <remarks>
/// Installed by a module initializer, before anything can touch TorchSharp: once TorchSharp has failed to load, it copies half a gigabyte
/// about. On systems where the library loads as shipped, nothing is changed. The environment variable <c>SWAN_LIBTORCH</c> names a folder
/// whose libtorch is loaded by a program that has none of its own: that is how a CUDA build already on a machine is used. A program with
/// a libtorch of its own refuses another folder, because a process can't hold two. See docs/decisions/0002.
/// </remarks>
public static class TorchLibrary
{
    /// <summary>The environment variable that names a folder with libtorch's shared libraries.</summary>
    public const string LibTorchVariable = "SWAN_LIBTORCH";

    private const string Library = "libLibTorchSharp.so";
    private static readonly Lock Gate = new();
    private static nint _handle;

    /// <summary>Null where TorchSharp loads as shipped; otherwise one line that says what was done to load it.</summary>
    public static string? Workaround { get; private set; }

    /// <summary>
    /// Makes sure that the resolver is there. Only needed in a program that uses TorchSharp before any type of this library.
    /// </summary>
    public static void Prepare() => RuntimeHelpers.RunModuleConstructor(typeof(TorchLibrary).Module.ModuleHandle);

    /// <summary>Loads libtorch, or says what is missing.</summary>
    /// <remarks>
    /// For a program whose users can't change its packages. TorchSharp's own search, for notebooks, would print a stack trace instead, and
    /// copy half a gigabyte about.
    /// </remarks>
    /// <exception cref="SwanTrainingException">libtorch is missing or can't be loaded; the message names the packages to add.</exception>
    public static void Require()
    {
        string folder = LibTorchFiles.Choose();
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            Load(folder);
        }
        catch (DllNotFoundException e)
        {
            throw new SwanTrainingException(e.Message, e);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new SwanTrainingException(
                $"libtorch in '{folder}' can't be loaded: {e.Message} Its files are damaged, of another kind of machine or not readable. "
                + $"Install the program again, or set {LibTorchVariable} to a libtorch 2.10 for this machine.", e);
        }
    }

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "The resolver must be there before TorchSharp's own static constructor runs.")]
    internal static void Install()
    {
        if (!OperatingSystem.IsLinux()) return;
        // Spinning workers halve the speed beside any other busy process. It must be set before OpenMP loads; a user's own setting stays.
        NativeEnvironment.SetDefault("OMP_WAIT_POLICY", "passive");
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name is "LibTorchSharp" ? Resolve() : 0;
    }

    // Without Require, the runtime asks here after its own search has failed: a system with a new libstdc++ never gets this far.
    private static nint Resolve()
    {
        try
        {
            return Load(LibTorchFiles.Choose());
        }
        catch (SwanTrainingException e)
        {
            throw new DllNotFoundException(e.Message, e); // what the runtime's callers expect
        }
    }

    /// <param name="libTorch">The folder that libtorch is loaded from.</param>
    private static nint Load(string libTorch)
    {
        lock (Gate)
        {
            if (_handle != 0) return _handle;
            string shipped = Locate();
            LoadDependencies(libTorch);
            if (NativeLibrary.TryLoad(shipped, out _handle)) return _handle;
            string patched = WritePatchedCopy(shipped);
            try
            {
                _handle = NativeLibrary.Load(patched);
            }
            catch (DllNotFoundException e)
            {
                throw new DllNotFoundException(
                    $"TorchSharp's native library could not be loaded, neither as shipped ('{shipped}') nor with its libstdc++ import "
                        + $"lowered ('{patched}'): "
                    + $"{e.Message} It needs glibc 2.31 or newer and libstdc++ 6.0.28 or newer: install 'libstdc++6' and 'libgomp1', or "
                        + $"use Debian 12, "
                    + "Ubuntu 22.04 or a newer system.", e);
            }

            Workaround = $"libstdc++ is older than TorchSharp expects: loaded '{patched}', a copy of LibTorchSharp that asks for "
                + $"GLIBCXX_3.4 instead of 3.4.32.";
            return _handle;
        }
    }

    private static string Locate() => LibTorchFiles.Find(Library) ?? throw new DllNotFoundException(LibTorchFiles.Missing(Library));

    // LibTorchSharp finds libtorch by name: whatever is already in the process is taken, so the order and the folder are ours to choose.
    private static void LoadDependencies(string folder)
    {
        foreach (string name in (string[])["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"])
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path)) NativeLibrary.Load(path);
        }
    }

    private static string WritePatchedCopy(string shipped)
    {
        byte[] image = File.ReadAllBytes(shipped);
        string version = Path.Combine("swan", "torch", Assembly.GetExecutingAssembly().GetName().Version?.ToString() ?? "0",
            Convert.ToHexStringLower(SHA256.HashData(image))[..16]);
        if (ElfSymbolVersion.Lower(image) == 0)
            throw new DllNotFoundException(
                $"'{shipped}' could not be loaded, and not for the libstdc++ version that can be worked around. Run 'ldd {shipped}' to "
                + $"see what is missing.");
        Exception? refused = null;
        foreach (string folder in CacheFolders())
        {
            string patched = Path.Combine(folder, version, Library);
            try
            {
                // Compared, not trusted: the cache may lie where others can write.
                if (File.Exists(patched) && File.ReadAllBytes(patched).AsSpan().SequenceEqual(image)) return patched;
                AtomicFile.Write(patched, stream => stream.Write(image));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                refused ??= e;
                continue;
            }
            Console.Error.WriteLine($"swan: libstdc++ is older than TorchSharp expects: wrote '{patched}', a copy of LibTorchSharp that "
                + $"asks for an older one. This happens once.");
            return patched;
        }
        throw new DllNotFoundException(
            "libstdc++ is older than TorchSharp expects, and a copy of LibTorchSharp that asks for an older one can't be written to "
            + $"a folder of this user's or a temporary one: {refused!.Message} Set XDG_DATA_HOME or TMPDIR to a folder "
            + "that can be written to, or use a newer system (libstdc++ of GCC 13).", refused);
    }

    // A container's user often has a home that can't be written to.
    private static IEnumerable<string> CacheFolders()
    {
        string data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (data.Length > 0) yield return data;
        // A folder of this process alone: what lies in one that all share, another user may have put there, or change.
        yield return Directory.CreateTempSubdirectory("swan-torch-").FullName;
    }
}
