using Swan.Cli.Doctor;

namespace Swan.Cli.Tests.Doctor;

public sealed class MachineLimitsTests
{
    [Fact]
    public void Cores_and_memory_are_at_most_the_machines()
    {
        MachineLimits limits = MachineLimits.Read();
        Assert.InRange(limits.Cores, 1, Math.Max(limits.MachineCores, Environment.ProcessorCount));
        Assert.InRange(limits.MemoryBytes, 64L << 20, 1L << 50);
        Assert.True(limits.AvailableBytes is null or > 0);
    }
}
