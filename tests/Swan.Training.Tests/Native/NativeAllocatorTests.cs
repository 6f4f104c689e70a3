using Swan.Training.Native;

namespace Swan.Training.Tests.Native;

public sealed class NativeAllocatorTests
{
    [Fact]
    public void Work_runs_on_the_main_heap_whatever_heaps_other_threads_have()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only glibc has several heaps.");
        // Threads that are alive hold heaps, and ended ones leave theirs to the next.
        using var end = new ManualResetEventSlim();
        Thread[] others = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() => end.Wait()))];
        foreach (Thread other in others) other.Start();
        for (int i = 0; i < 5; i++) Assert.True(NativeAllocator.OnMainHeap(NativeAllocator.IsOnMainHeap));
        end.Set();
        foreach (Thread other in others) other.Join();
    }

    [Fact]
    public void What_work_throws_reaches_the_caller_as_it_was()
    {
        var thrown = new InvalidOperationException("of the work");
        Assert.Same(thrown, Assert.Throws<InvalidOperationException>(() => NativeAllocator.OnMainHeap<int>(() => throw thrown)));
    }

    [Fact]
    public void Work_sees_the_callers_context()
    {
        var local = new AsyncLocal<int> { Value = 7 };
        Assert.Equal(7, NativeAllocator.OnMainHeap(() => local.Value));
    }
}
