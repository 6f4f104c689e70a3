using System.Runtime;
using Swan.MLNet.Encoders;
using TorchSharp;

namespace Swan.Training.Tests.Export;

public sealed class CollectionsTests
{
    [Fact]
    public void Opening_an_encoder_beside_libtorch_has_nothing_collected()
    {
        using torch.Tensor tensor = torch.ones(1);
        Assert.False(OpeningMemory.AppliesTo(100 << 20, GCLatencyMode.Interactive));
    }
}
