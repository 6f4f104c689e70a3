namespace Swan.Training.Native;

/// <summary>Where libtorch's files are looked for, and what is said where they are missing.</summary>
internal static class LibTorchFiles
{
    /// <summary>The file that is half a gigabyte; the others lie beside it.</summary>
    public static string LibTorch { get; } =
        OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

    private static string[] Folders =>
    [
        AppContext.BaseDirectory,
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
        .. ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
    ];

    // Other systems' loaders were not tried.
    private static string? External => OperatingSystem.IsLinux() ? Environment.GetEnvironmentVariable(TorchLibrary.LibTorchVariable) : null;

    /// <summary>A file of the application's natives; null where it has none of that name.</summary>
    public static string? Find(string file) => Folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Whether libtorch's file is where it would be loaded from: what is there and can't be loaded is a fault, what isn't was left out.
    /// </summary>
    public static bool IsThere => External is { Length: > 0 } external ? File.Exists(Path.Combine(external, LibTorch))
        : Find(LibTorch) is not null;

    /// <summary>The folder to load libtorch from: the application's, or what <see cref="TorchLibrary.LibTorchVariable"/> names.</summary>
    /// <exception cref="SwanTrainingException">There is none, or there are two.</exception>
    public static string Choose()
    {
        const string Variable = TorchLibrary.LibTorchVariable;
        string? own = Find(LibTorch);
        if (External is not { Length: > 0 } external)
            return own is not null ? Path.GetDirectoryName(own)! : throw new SwanTrainingException(Missing(LibTorch));
        if (!File.Exists(Path.Combine(external, LibTorch)))
        {
            throw new SwanTrainingException(
                $"{Variable} is '{external}', which has no {LibTorch}. Give the folder 'lib' of libtorch 2.10, or unset the variable.");
        }

        if (own is not null && Path.GetFullPath(external) != Path.GetFullPath(Path.GetDirectoryName(own)!))
        {
            throw new SwanTrainingException(
                $"{Variable} is '{external}', but this program has a libtorch of its own ('{own}'), and a process can't hold two. Unset "
                + "the variable, or publish the program without libtorch: 'dotnet publish Swan.Cli -c Release -p:PublishLibTorch=false'.");
        }

        return external;
    }

    /// <summary>What is missing and what to add.</summary>
    public static string Missing(string file) =>
        $"libtorch is missing: there is no '{file}' in {string.Join(", ", Folders.Select(f => $"'{f}'").Distinct())}. Training and export "
        + "need it. In a project of your own, add the package TorchSharp-cpu, or TorchSharp-cuda-linux or TorchSharp-cuda-windows for a "
        + "GPU. The swan tool has it on linux-x64, win-x64 and osx-arm64. On Linux, a program without libtorch takes the libtorch 2.10 in "
        + $"the folder that {TorchLibrary.LibTorchVariable} names.";
}
