using static TorchSharp.torch;

namespace Swan.Training.Native;

/// <summary>
/// The 11 bits of precision that tensor cores multiply float32 in, if they may: libtorch lets cuDNN's convolutions and recurrent networks,
/// but not matrix products.
/// </summary>
internal static class Tf32
{
    /// <summary>Keeps float32 at its 24 bits of precision on a GPU, for the whole process; does nothing for a CPU.</summary>
    /// <remarks>A training in bfloat16 needs it, too: its GRU and its loss are in float32.</remarks>
    public static void SwitchOff(Device device)
    {
        if (device.type == TorchSharp.DeviceType.CPU) return;
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
    }
}
