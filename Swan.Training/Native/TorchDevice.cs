using Swan.MLNet;
using TorchSharp;

namespace Swan.Training.Native;

/// <summary>Turns a <see cref="SwanDevice"/> into a device that TorchSharp can use here.</summary>
internal static class TorchDevice
{
    /// <summary>Resolves the device that is asked for.</summary>
    /// <returns>The device, and one line that says what was taken and why.</returns>
    /// <exception cref="SwanDeviceException">A GPU is asked for that isn't there; the message says what is missing.</exception>
    /// <exception cref="SwanTrainingException">The libtorch that <c>SWAN_LIBTORCH</c> names can't be loaded.</exception>
    public static (torch.Device Device, string Why) Resolve(SwanDevice asked)
    {
        // Only then: natives may lie where TorchSharp finds them and no folder of the program is, as in a notebook.
        if (LibTorchFiles.External is not null) TorchLibrary.Require();
        if (asked.Kind == SwanDeviceKind.Cpu) return (torch.CPU, "cpu, as requested");

        bool available = torch.cuda.is_available();
        int count = available ? torch.cuda.device_count() : 0;
        if (asked.Kind == SwanDeviceKind.Auto)
            return count > 0 ? (new torch.Device(DeviceType.CUDA, 0), $"cuda:0, because {count} CUDA device(s) work")
                : (torch.CPU, "cpu, because no CUDA device works with the loaded libtorch");

        if (asked.Index < count) return (new torch.Device(DeviceType.CUDA, asked.Index), $"{asked}, as requested");
        throw new SwanDeviceException(available
            ? $"The device '{asked}' was requested, but this machine has {count} CUDA device(s), numbered from 0. Request a lower index, "
                + $"or 'auto'."
            : $"The device '{asked}' was requested, but libtorch finds no working CUDA. Build with -p:SwanGpu=true (package "
                + $"TorchSharp-cuda-linux), or set {TorchLibrary.LibTorchVariable} to the libtorch {LibTorchVersion.BuiltWith} of a "
                + "PyTorch for CUDA, and check the NVIDIA driver with nvidia-smi. Or request 'cpu' or 'auto'.");
    }
}
