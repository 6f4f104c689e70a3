using System.Runtime.Intrinsics.X86;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Swan.Training.Native;

/// <summary>
/// Keeps oneDNN, which libtorch convolves with on CPUs, from wrong results on processors that don't tell their caches, as in some virtual machines: there
/// its AVX-512 code for 1×1 convolutions with a bias forgets part of the sum (libtorch 2.10). See docs/decisions/0015.
/// </summary>
internal static class OneDnn
{
    /// <summary>The environment variable that limits oneDNN to an instruction set; read once, at its first use.</summary>
    public const string InstructionsVariable = "ONEDNN_MAX_CPU_ISA";

    /// <summary>The instructions whose code is right.</summary>
    public const string SafeInstructions = "AVX2";

    private const int AmdCaches = unchecked((int)0x8000001D), IntelCaches = 4, LargestAmdLeaf = unchecked((int)0x80000000), CacheKind = 0x1F;
    private const double LargestDifference = 1e-3;

    /// <summary>Whether the processor says which caches it has.</summary>
    public static bool CachesAreKnown { get; } = ReadCaches();

    /// <summary>Convolves what the faulty code gets wrong, and compares with another implementation.</summary>
    /// <exception cref="SwanTrainingException">The results differ: whatever is trained here would be wrong.</exception>
    public static void RequireRightConvolutions()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        using var generator = new Generator(0);
        Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, CPU, generator: generator);
        Tensor pixels = Random(1, 20, 20, 144).permute(0, 3, 1, 2), weights = Random(40, 144, 1, 1), bias = Random(40);
        Tensor expected = nn.functional.conv2d(pixels, weights, bias);                                                  // oneDNN has no double
        Tensor actual = nn.functional.conv2d(pixels.@float(), weights.@float(), bias.@float());
        double difference = ((actual.@double() - expected).abs().max() / expected.abs().max()).item<double>();
        if (difference <= LargestDifference) return;
        throw new SwanTrainingException(
            $"On this processor libtorch's convolutions are wrong: one is off by {difference:P0} of its largest value, where {LargestDifference:P1} is allowed, so training would learn from wrong numbers. "
            + $"oneDNN's code for the newest instructions is known for that. Set the environment variable {InstructionsVariable} to {SafeInstructions}, and run again.");
    }

    private static bool ReadCaches()
    {
        if (!X86Base.IsSupported) return true;
        (int largest, int first, int third, int second) = X86Base.CpuId(0, 0);
        string vendor = string.Concat(new[] { first, second, third }.Select(part => Encoding.ASCII.GetString(BitConverter.GetBytes(part))));
        return vendor switch
        {
            "AuthenticAMD" => (uint)X86Base.CpuId(LargestAmdLeaf, 0).Eax >= unchecked((uint)AmdCaches) && (X86Base.CpuId(AmdCaches, 0).Eax & CacheKind) != 0,
            "GenuineIntel" => largest >= IntelCaches && (X86Base.CpuId(IntelCaches, 0).Eax & CacheKind) != 0,
            _ => true,
        };
    }
}
