using System.Runtime.InteropServices;

namespace Swan.Training.Native;

/// <summary>libtorch's errors, which come with forty lines of its own stack; the first says what it is.</summary>
internal static class TorchFault
{
    /// <summary>Makes one message of an error.</summary>
    /// <param name="error">What TorchSharp threw for a C++ exception.</param>
    /// <param name="doing">What was being done, such as <c>at step 3 on cuda:0</c>.</param>
    /// <param name="lessMemory">What to do where memory was short.</param>
    public static SwanTrainingException Of(ExternalException error, string doing, string lessMemory)
    {
        string said = error.Message.Split('\n', 2)[0].Trim().TrimEnd('.');
        string advice = said.Contains("memory", StringComparison.OrdinalIgnoreCase) ? $" {lessMemory}" : "";
        return new($"libtorch failed {doing}: {said}.{advice}", error);
    }
}
