using Swan.Training.Native;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Native;

public sealed class Tf32Tests
{
    [Fact]
    public void Training_keeps_float32_from_being_shortened_on_a_GPU_alone()
    {
        (bool, bool) before = Allowed;
        try
        {
            Allowed = (true, true);
            Prepare(CPU);
            Assert.Equal((true, true), Allowed);
            Prepare(META); // which stands for a GPU, as there may be none
            Assert.Equal((false, false), Allowed);
        }
        finally
        {
            Allowed = before;
        }
    }

    private static (bool, bool) Allowed
    {
        get => (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32);
        set => (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32) = value;
    }

    private static void Prepare(Device device)
    {
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network with { VocabularyRows = 10 }, seed: 0);
        TrainingStep.Prepare(network, TinyRun.Options, device);
    }
}
