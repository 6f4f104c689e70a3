using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Native;

/// <summary>How much memory a GPU has left, which TorchSharp doesn't say.</summary>
internal static unsafe class DeviceMemory
{
    /// <summary>Bytes that are free on a GPU; 0 on a CPU, and where the driver doesn't say.</summary>
    /// <param name="device">The one that libtorch computes on.</param>
    public static long Free(Device device)
    {
        if (device.type != DeviceType.CUDA) return 0;
        zeros(1, device: device).Dispose(); // makes the device this thread's
        string driver = OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        if (!NativeLibrary.TryLoad(driver, out nint library)
            || !NativeLibrary.TryGetExport(library, "cuMemGetInfo_v2", out nint memoryInfo)) return 0;
        nuint free = 0, total = 0;
        return ((delegate* unmanaged<nuint*, nuint*, int>)memoryInfo)(&free, &total) == 0 ? (long)free : 0;
    }
}
