using System.Diagnostics;
using Swan.Geo.Places;

namespace Swan.Geo.Tests.Places;

[Collection(nameof(Alone))]
public sealed class SuppressionTimeTests
{
    [Fact]
    public void A_hundred_thousand_places_take_about_a_second_of_processor_time()
    {
        // Windows that overlap by half, in no order.
        var random = new Random(1);
        Place[] places =
        [
            .. from i in Enumerable.Range(0, 100_000)
               select Found.At(10 + 0.001 * (i % 400), 45 + 0.001 * (i / 400), random.NextSingle(), size: 0.002),
        ];
        IReadOnlyList<Place> top = [], all = [];

        TimeSpan forTop = Measure(() => top = NonMaximumSuppression.Suppress(places, new() { MaxPlaces = 20 }));
        TimeSpan forAll = Measure(() => all = NonMaximumSuppression.Suppress(places));

        Assert.Equal(all.Take(20), top);
        // Twice what it takes before .NET has optimized the code; comparing all pairs takes minutes.
        Assert.True(forAll < TimeSpan.FromSeconds(4), $"It took {forAll}.");

        TimeSpan Measure(Action run)
        {
            (TimeSpan before, var watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
            run();
            TimeSpan used = Environment.CpuUsage.TotalTime - before;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{used.TotalMilliseconds:F0} ms of processor time, {watch.ElapsedMilliseconds} ms in all");
            return used;
        }
    }
}
