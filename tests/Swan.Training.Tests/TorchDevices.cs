using Swan.Training.Native;
using TorchSharp;

namespace Swan.Training.Tests;

/// <summary>The devices that tests of training run on.</summary>
public static class TorchDevices
{
    /// <summary>The CPU, and the first GPU where CUDA works.</summary>
    public static TheoryData<string> All
    {
        get
        {
            TorchLibrary.Prepare();
            return torch.cuda.is_available() ? ["cpu", "cuda:0"] : ["cpu"];
        }
    }
}
