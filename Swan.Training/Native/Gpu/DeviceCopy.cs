using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Native;

/// <summary>Copies from the CPU to the device that computes.</summary>
internal static class DeviceCopy
{
    /// <summary>
    /// A tensor's copy on a device, for which nothing waits: the copy is made from memory that the GPU reads itself, in turn with what the
    /// GPU computes. On the CPU it is the tensor itself.
    /// </summary>
    /// <param name="tensor">On the CPU, or already on the device.</param>
    /// <param name="device">Where it is needed.</param>
    public static Tensor WithoutWaiting(this Tensor tensor, Device device)
    {
        if (tensor.device_type != DeviceType.CPU || device.type == DeviceType.CPU) return tensor;
        using Tensor pinned = tensor.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
