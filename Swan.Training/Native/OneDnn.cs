using System.Runtime.Intrinsics.X86;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Native;

/// <summary>
/// Finds processors where oneDNN, with which libtorch convolves on CPUs, fails. If a processor doesn't report its caches, as in some
/// virtual machines, oneDNN's code for images stored channels last divides by zero, or loses part of a sum (libtorch 2.10). See
/// docs/decisions/0015.
/// </summary>
internal static class OneDnn
{
    private const int AmdCaches = unchecked((int)0x8000001D), IntelCaches = 4, MaxAmdLeaf = unchecked((int)0x80000000), CacheKind = 0x1F;
    private const double MaxDifference = 1e-3;
    private static readonly Lazy<bool> ChannelsLast = new(Decide);

    /// <summary>
    /// Whether images may be stored channels last, where convolutions are faster; otherwise they are stored row by row of each channel.
    /// </summary>
    public static bool ChannelsLastIsRight => ChannelsLast.Value;

    /// <summary>
    /// Runs convolutions that the faulty code gets wrong, in the layout used here, and compares them with another implementation.
    /// </summary>
    /// <exception cref="SwanTrainingException">The results differ: training here would be wrong.</exception>
    public static void ThrowIfConvolutionsAreWrong()
    {
        if (ChannelsLastIsRight) return; // so it has been compared
        double difference = Difference(channelsLast: false);
        if (difference <= MaxDifference) return;
        throw new SwanTrainingException(
            $"On this processor, libtorch's convolutions are wrong: one is off by {difference:P0} of its largest value, "
            + $"but only {MaxDifference:P1} is allowed. Training would learn from wrong numbers. "
            + "This is a known fault of oneDNN's code for the newest instructions. Set the environment variable "
            + "ONEDNN_MAX_CPU_ISA to AVX2, and run again.");
    }

    private static bool Decide()
    {
        if (ReadCaches()) return Difference(channelsLast: true) <= MaxDifference;
        SwitchOffNnpack();
        return false;
    }

    // libtorch's other library for convolutions doesn't run on such a processor, and libtorch would warn on standard error each time that
    // it tries.
    private static unsafe void SwitchOffNnpack()
    {
        if (!TorchExports.TryFind("_ZN2at13globalContextEv", out nint globalContext)
            || !TorchExports.TryFind("_ZN2at7Context20setUserEnabledNNPACKEb", out nint setUserEnabledNnpack)) return;
        nint context = ((delegate* unmanaged<nint>)globalContext)();
        ((delegate* unmanaged<nint, byte, void>)setUserEnabledNnpack)(context, 0);
    }

    private static double Difference(bool channelsLast)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        using var generator = new Generator(0);
        Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, CPU, generator: generator);
        Tensor pixels = Random(1, 20, 20, 144).permute(0, 3, 1, 2), weights = Random(40, 144, 1, 1), bias = Random(40);
        Tensor expected = nn.functional.conv2d(pixels, weights, bias); // oneDNN has no double
        if (!channelsLast) pixels = pixels.contiguous();
        Tensor actual = nn.functional.conv2d(pixels.@float(), weights.@float(), bias.@float());
        return ((actual.@double() - expected).abs().max() / expected.abs().max()).item<double>();
    }

    private static bool ReadCaches()
    {
        if (!X86Base.IsSupported) return true;
        (int largest, int first, int third, int second) = X86Base.CpuId(0, 0);
        string vendor = string.Concat(new[] { first, second, third }.Select(part => Encoding.ASCII.GetString(BitConverter.GetBytes(part))));
        return vendor switch
        {
            "AuthenticAMD" =>
                (uint)X86Base.CpuId(MaxAmdLeaf, 0).Eax >= unchecked((uint)AmdCaches) && (X86Base.CpuId(AmdCaches, 0).Eax & CacheKind) != 0,
            "GenuineIntel" => largest >= IntelCaches && (X86Base.CpuId(IntelCaches, 0).Eax & CacheKind) != 0,
            _ => true,
        };
    }
}
