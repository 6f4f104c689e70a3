using Swan.MLNet.Encoders;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.Encoders;

public sealed class ComputeThreadTests
{
    [Fact]
    public void The_caller_waits_and_its_thread_computes_nothing()
    {
        int here = Environment.CurrentManagedThreadId, there = here;
        ComputeThread.RunElsewhere(() => there = Environment.CurrentManagedThreadId);
        Assert.NotEqual(here, there);
    }

    [Fact]
    public void What_is_thrown_is_thrown_to_the_caller_and_the_next_computation_runs()
    {
        var e = Assert.Throws<FormatException>(() => ComputeThread.RunElsewhere(() => throw new FormatException("no number")));
        Assert.Equal("no number", e.Message);
        Assert.Contains(nameof(ComputeThreadTests), e.StackTrace, StringComparison.Ordinal);
        bool ran = false;
        ComputeThread.RunElsewhere(() => ran = true);
        Assert.True(ran);
    }

    [Fact]
    public void As_many_run_at_a_time_as_callers_wait()
    {
        using var together = new Barrier(8);
        Thread[] callers = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() => ComputeThread.RunElsewhere(() =>
        {
            // Ends only if all eight are in.
            if (!together.SignalAndWait(TimeSpan.FromMinutes(1))) throw new TimeoutException();
        })))];
        foreach (Thread caller in callers) caller.Start();
        foreach (Thread caller in callers) caller.Join();
        Assert.Equal(1, together.CurrentPhaseNumber);
    }

    [Fact]
    public void The_callers_context_goes_along()
    {
        var local = new AsyncLocal<string> { Value = "mine" };
        string? seen = null;
        ComputeThread.RunElsewhere(() =>
        {
            seen = local.Value;
            local.Value = "changed there";
        });
        Assert.Equal("mine", seen);
        Assert.Equal("mine", local.Value);
    }

    [Fact]
    public void A_null_reference_on_a_thread_that_has_embedded_is_an_exception() =>
        ChildProcess.Passes(typeof(ComputeThreadTests).Assembly.Location, typeof(ComputeThreadTests), nameof(Embeds_then_asks_null));

    [Fact(Explicit = true)]
    public void Embeds_then_asks_null()
    {
        // The included model computes in int8, which takes tile registers where a processor has them.
        using SwanModel model = SwanModel.Default;
        _ = model.EmbedImage(EncodedImages.Png(64, 64));
        _ = model.EmbedCaption("a river");
        string? none = null;
        Assert.Throws<NullReferenceException>(() => none!.Length);
    }
}
