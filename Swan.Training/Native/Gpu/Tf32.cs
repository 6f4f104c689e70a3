using static TorchSharp.torch;

namespace Swan.Training.Native;

/// <summary>
/// The 11 bits of precision that tensor cores multiply float32 in, if they may: libtorch lets cuDNN's convolutions and recurrent networks,
/// but not matrix products.
/// </summary>
internal static class Tf32
{
    /// <summary>
    /// Keeps float32 at its 24 bits of precision, for the process. Has no effect on CPUs, nor where bfloat16 is asked for.
    /// </summary>
    public static void SwitchOff()
    {
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
    }
}
