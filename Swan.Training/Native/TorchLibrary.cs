using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Swan.MLNet.Encoders;

namespace Swan.Training.Native;

/// <summary>Chooses the libtorch that TorchSharp uses, and loads it even if the system's libstdc++ is older than TorchSharp's.</summary>
/// <remarks>
/// A module initializer installs it before anything can use TorchSharp: after a failed load, TorchSharp copies half a gigabyte of files.
/// The environment variable <c>SWAN_LIBTORCH</c> names a folder whose libtorch is used, even instead of the program's own. So a CUDA build
/// that is already on a machine can be used. If it is unset and the library loads as shipped, nothing changes. Linux only; safe for
/// concurrent use. See docs/decisions/0002.
/// </remarks>
public static class TorchLibrary
{
    /// <summary>The environment variable that names a folder with libtorch's shared libraries.</summary>
    public const string LibTorchVariable = "SWAN_LIBTORCH";

    /// <summary>The environment variable that allows a version of libtorch, such as 2.11, besides TorchSharp's own.</summary>
    public const string VersionVariable = "SWAN_LIBTORCH_VERSION";

    private const string TorchSharp = "TorchSharp", Name = "LibTorchSharp", Library = "libLibTorchSharp.so";
    private static readonly Lock Gate = new();
    private static nint _handle;
    private static Exception? _failure;

    /// <summary>One line about the workaround that loaded TorchSharp; null if it loads as shipped.</summary>
    public static string? Workaround { get; private set; }

    /// <summary>One line with the folder and version of the libtorch of <see cref="LibTorchVariable"/>; null without one.</summary>
    public static string? External { get; private set; }

    /// <summary>The version of the loaded libtorch; null before it is loaded, and on other systems than Linux.</summary>
    public static Version? LoadedVersion { get; private set; }

    /// <summary>Ensures that the resolver is installed.</summary>
    /// <remarks>Only needed in a program that uses TorchSharp before any type of this library.</remarks>
    public static void Prepare() => RuntimeHelpers.RunModuleConstructor(typeof(TorchLibrary).Module.ModuleHandle);

    /// <summary>Loads libtorch, or reports what is missing.</summary>
    /// <remarks>
    /// For programs whose users can't change their packages. TorchSharp's own search, for notebooks, would instead print a stack trace and
    /// copy half a gigabyte of files.
    /// </remarks>
    /// <exception cref="SwanTrainingException">libtorch is missing or can't be loaded; the message names the packages to add.</exception>
    public static void Require()
    {
        if (OperatingSystem.IsLinux()) Load();
        else LibTorchFiles.Choose();
    }

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "The resolver must be there before TorchSharp's own static constructor runs.")]
    internal static void Install()
    {
        if (!OperatingSystem.IsLinux()) return;
        // Spinning workers halve the speed beside any other busy process. It must be set before OpenMP loads; a user's own setting stays.
        NativeEnvironment.SetDefault("OMP_WAIT_POLICY", "passive");
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name is Name ? Resolve() : 0;
        if (LibTorchFiles.External is null) return;
        // The runtime's own search would find the program's libtorch first, so the external one must be there before TorchSharp's first
        // line runs. Not earlier either: a search loads no libtorch.
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Replace(loaded.LoadedAssembly);
        foreach (Assembly loaded in AppDomain.CurrentDomain.GetAssemblies()) Replace(loaded);
    }

    private static void Replace(Assembly assembly)
    {
        if (assembly.GetName().Name != TorchSharp) return;
        try
        {
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name is Name ? Resolve() : 0);
        }
        catch (InvalidOperationException)
        {
            // An application may have a resolver of its own, and only one. Require says what is wrong all the same.
        }

        try
        {
            Load();
        }
        catch (SwanTrainingException)
        {
            // Kept: Require and the resolver throw it where somebody can see it.
        }
    }

    // Without Require, the runtime asks here after its own search has failed: a system with a new libstdc++ never gets this far.
    private static nint Resolve()
    {
        try
        {
            return Load();
        }
        catch (SwanTrainingException e)
        {
            throw new DllNotFoundException(e.Message, e); // what the runtime's callers expect
        }
    }

    private static nint Load()
    {
        lock (Gate)
        {
            if (_handle != 0) return _handle;
            // A second try would find half of a libtorch in the process.
            if (_failure is not null && LibTorchFiles.External is not null) throw new SwanTrainingException(_failure.Message, _failure);
            if (LibTorchFiles.External is { } asked) ExternalLibTorch.RefuseSecond(asked, OwnFiles());
            string? folder = null;
            try
            {
                folder = LibTorchFiles.Choose();
                return _handle = LoadFrom(folder);
            }
            catch (SwanTrainingException e)
            {
                throw Failed(e);
            }
            catch (Exception e) when (
                e is DllNotFoundException or BadImageFormatException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw Failed(new SwanTrainingException(
                    $"libtorch in '{folder ?? LibTorchFiles.External}' can't be loaded: {e.Message} Its files are damaged, unreadable or "
                    + $"for another kind of machine. Install the program again, or set {LibTorchVariable} to a libtorch "
                    + $"{LibTorchVersion.BuiltWith} for this machine.", e));
            }
        }
    }

    // TorchSharp must not go on with the program's own libtorch when another was asked for.
    private static SwanTrainingException Failed(SwanTrainingException failure)
    {
        _failure = failure;
        if (LibTorchFiles.External is null) return failure;
        try
        {
            ExternalLibTorch.Hide([.. OwnFiles(), .. LibTorchFiles.Everywhere(Library)]);
        }
        catch (SwanTrainingException)
        {
            // The first failure is what its user can mend. No second libtorch is in the process: it is loaded after the own one is hidden.
        }

        return failure;
    }

    private static IEnumerable<string> OwnFiles() =>
        ((string[])[LibTorchFiles.LibTorch, "libtorch_cuda.so"]).SelectMany(LibTorchFiles.Everywhere);

    private static nint LoadFrom(string folder)
    {
        string shipped = LibTorchFiles.Find(Library) ?? throw new SwanTrainingException(LibTorchFiles.Missing(Library));
        // First: where this fails, there must be no other libtorch in the process that TorchSharp's own search would add a second to.
        if (LibTorchFiles.External is not null)
            ExternalLibTorch.Hide(OwnFiles().Where(f => !ExternalLibTorch.IsSameFile(f, Path.Combine(folder, Path.GetFileName(f)))));
        LoadedVersion = LibTorchVersion.Of(ExternalLibTorch.Load(folder));
        if (LibTorchFiles.External is not null)
        {
            ExternalLibTorch.CheckVersion(folder, LoadedVersion);
            External = $"libtorch {LoadedVersion} is loaded from '{folder}', which {LibTorchVariable} names.";
        }

        if (NativeLibrary.TryLoad(shipped, out nint handle)) return handle;
        using PatchedCopy patched = PatchedCopy.Of(shipped, Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify));
        handle = patched.Load();
        string kept = patched.IsTemporary ? "" : $"'{patched.Location}', ";
        Workaround = $"libstdc++ is older than TorchSharp expects: loaded {kept}a copy of LibTorchSharp that requires GLIBCXX_3.4 instead "
            + "of 3.4.32.";
        return handle;
    }
}
