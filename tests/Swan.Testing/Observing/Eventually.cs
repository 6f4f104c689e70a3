using System.Diagnostics;

namespace Swan.Testing;

/// <summary>Waits for what another thread does. The limit only ends a test that would never end; no test passes because of time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public static async Task True(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"{what}: not within {Limit.TotalSeconds} s");
            await Task.Delay(5);
        }
    }
}
