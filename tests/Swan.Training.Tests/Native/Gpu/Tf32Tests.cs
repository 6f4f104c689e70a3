using Swan.Training.Native;
using Swan.Training.Network;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Native;

public sealed class Tf32Tests
{
    [Fact]
    public void Training_keeps_float32_from_being_shortened_on_a_GPU()
    {
        backends.cudnn.allow_tf32 = true;
        backends.cuda.matmul.allow_tf32 = true;
        using SwanNetwork network = SwanNetwork.Create(TinyRun.Options.Network with { VocabularyRows = 10 }, seed: 0);
        TrainingStep.Prepare(network, TinyRun.Options, CPU);
        Assert.Equal((false, false), (backends.cudnn.allow_tf32, backends.cuda.matmul.allow_tf32));
    }
}
