using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Swan.Training.Native;

/// <summary>Functions of libtorch that TorchSharp doesn't bind, by their C++ names.</summary>
internal static class TorchExports
{
    private static readonly Lazy<nint> Library = new(() =>
    {
        _ = get_num_threads(); // loads libtorch
        string file = OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        return NativeLibrary.TryLoad(file, out nint library) ? library : 0;
    });

    /// <summary>Finds a function; false on Windows, whose names are others, and where this libtorch has none of that name.</summary>
    /// <param name="name">As the Itanium C++ ABI mangles it.</param>
    /// <param name="function">Its address.</param>
    public static bool TryFind(string name, out nint function)
    {
        function = 0;
        return Library.Value != 0 && NativeLibrary.TryGetExport(Library.Value, name, out function);
    }
}
