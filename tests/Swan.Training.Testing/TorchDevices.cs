using Swan.Training.Native;
using TorchSharp;

namespace Swan.Training.Testing;

/// <summary>The devices that tests of training run on.</summary>
public static class TorchDevices
{
    /// <summary>The CPU, and the first GPU where CUDA works.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            TorchLibrary.Prepare();
            return torch.cuda.is_available() ? ["cpu", "cuda:0"] : ["cpu"];
        }
    }

    /// <summary>The same, each as the only argument of a theory.</summary>
    public static IEnumerable<object[]> All => Names.Select(name => new object[] { name });
}
