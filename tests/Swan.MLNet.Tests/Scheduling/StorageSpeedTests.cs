using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Scheduling;

public sealed class StorageSpeedTests
{
    [Fact]
    public void Storage_is_slow_when_several_reads_are_and_until_they_are_quick()
    {
        var speed = new StorageSpeed();
        Assert.False(speed.IsSlow);
        Observe(50, 1); // a thread that waited for a processor
        Assert.False(speed.IsSlow);
        Observe(20, 4);
        Assert.True(speed.IsSlow);
        Observe(0.05, 20);
        Assert.False(speed.IsSlow);

        void Observe(double milliseconds, int reads)
        {
            for (int i = 0; i < reads; i++) speed.Observe(TimeSpan.FromMilliseconds(milliseconds));
        }
    }
}
