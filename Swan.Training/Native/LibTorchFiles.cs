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

    /// <summary>What <see cref="TorchLibrary.LibTorchVariable"/> names; null where it is unset, and on other systems than Linux.</summary>
    public static string? External => OperatingSystem.IsLinux()
        && Environment.GetEnvironmentVariable(TorchLibrary.LibTorchVariable) is { Length: > 0 } folder ? folder : null;

    /// <summary>A file of the application's natives; null where it has none of that name.</summary>
    public static string? Find(string file) => Everywhere(file).FirstOrDefault(File.Exists);

    /// <summary>All paths that a file of the application's natives can have.</summary>
    public static IEnumerable<string> Everywhere(string file) => Folders.Select(folder => Path.Combine(folder, file));

    /// <summary>
    /// Whether libtorch's file is where it would be loaded from: what is there and can't be loaded is a fault, what isn't was left out.
    /// </summary>
    public static bool IsThere => External is { } external ? File.Exists(Path.Combine(external, LibTorch)) : Find(LibTorch) is not null;

    /// <summary>The folder to load libtorch from: what <see cref="TorchLibrary.LibTorchVariable"/> names, or the application's.</summary>
    /// <exception cref="SwanTrainingException">There is none, or it is for another kind of machine.</exception>
    public static string Choose()
    {
        const string Variable = TorchLibrary.LibTorchVariable;
        if (External is not { } external)
            return Find(LibTorch) is { } own ? Path.GetDirectoryName(own)! : throw new SwanTrainingException(Missing(LibTorch));
        string file = Path.Combine(external, LibTorch), remedy = "Give the folder 'lib' of libtorch "
            + $"{LibTorchVersion.BuiltWith} for this machine, or unset the variable.";
        if (!File.Exists(file)) throw new SwanTrainingException($"{Variable} is '{external}', which has no {LibTorch}. {remedy}");
        foreach (string name in ExternalLibTorch.Libraries)
        {
            string library = Path.Combine(external, name);
            if (File.Exists(library) && LibTorchVersion.WhatIsWrong(library) is { } wrong)
                throw new SwanTrainingException($"{Variable} is '{external}', whose {name} {wrong}. {remedy}");
        }

        return Path.GetFullPath(external);
    }

    /// <summary>What is missing and what to add.</summary>
    public static string Missing(string file) =>
        $"libtorch is missing: found no '{file}' in {string.Join(", ", Folders.Select(f => $"'{f}'").Distinct())}. Training and export "
        + "need it. In your own project, add the package TorchSharp-cpu, or TorchSharp-cuda-linux or TorchSharp-cuda-windows for a "
        + "GPU. The swan tool includes it on linux-x64, win-x64 and osx-arm64. On Linux, a program without libtorch uses the libtorch "
        + $"{LibTorchVersion.BuiltWith} in the folder that {TorchLibrary.LibTorchVariable} names.";
}
