using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Search.Scans;

[Collection("WorkFrameTests")]
public sealed class SharedScanTests : IDisposable
{
    private const int Many = 20_000;
    private readonly SavedResources _saved = new();

    public SharedScanTests() => (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (2, 2);

    private static Permits Processors => WorkFrame.Process.Processors;

    public void Dispose() => _saved.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Threads_that_found_no_processor_help_when_one_is_free(bool givesWay)
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "A process with one processor has no helpers.");
        var scan = new ProbeScan(Many, givesWay);
        Permit other = Processors.Enter(1, CancellationToken.None);
        bool helped = false;
        int alone = 0;
        scan.Unit = isCaller =>
        {
            helped |= !isCaller;
            if (isCaller && ++alone == 100) other.Dispose();
            if (!helped && alone > 100) Thread.Sleep(1);
        };
        await OnItsOwnThread(() => Until(() => helped, scan));
        Assert.True(helped);
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task Helpers_that_gave_way_come_back()
    {
        Assert.SkipUnless(Environment.ProcessorCount > 1, "A process with one processor has no helpers.");
        var scan = new ProbeScan(Many, givesWay: true);
        using Permit other = Processors.Hold();
        Task? others = null;
        bool came = false, left = false, again = false;
        scan.Unit = isCaller =>
        {
            if (!isCaller && !came)
            {
                others = other.EnterAsync(1, CancellationToken.None);
                Volatile.Write(ref came, true);
            }
            else if (isCaller && Volatile.Read(ref came) && !left && others!.IsCompletedSuccessfully)
            {
                // Two processors: the other work has one, and this thread the other.
                other.Dispose();
                left = true;
            }
            else if (!isCaller && left) again = true;
            if (!again) Thread.Sleep(1);
        };
        await OnItsOwnThread(() => Until(() => again, scan));
        Assert.Equal((true, true), (left, again));
        await SavedResources.GivenBack();
    }

    [Fact]
    public void A_helper_that_fails_before_its_first_unit_changes_nothing()
    {
        var scan = new ProbeScan(100) { Beginning = isCaller => Fail(!isCaller) };
        bool? helped = null;
        scan.Unit = _ => helped ??= Helps(scan);
        scan.Run();
        Assert.Equal(100, scan.Done);
        Assert.False(helped);
    }

    [Fact]
    public async Task A_fault_in_any_threads_unit_ends_the_scan_and_the_next_one_works()
    {
        var scan = new ProbeScan(1000);
        bool? helped = null;
        scan.Unit = isCaller =>
        {
            if (isCaller) helped ??= Helps(scan);
            else throw new InvalidDataException("the unit fails");
        };
        Assert.Throws<InvalidDataException>(() => scan.Run());
        Assert.InRange(scan.Done, 0, 1);
        scan.Unit = null;
        scan.Run();
        Assert.Equal(1000, scan.Done);
        await SavedResources.GivenBack();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_scan_that_nobody_wants_ends_after_the_unit_under_way(bool canceled)
    {
        using var source = new CancellationTokenSource();
        var scan = new ProbeScan(Many) { Unit = _ => source.Cancel() };
        if (!canceled) scan.IsUnwanted = () => source.IsCancellationRequested;
        Assert.ThrowsAny<OperationCanceledException>(() => scan.Run(waits: false, canceled ? source.Token : default));
        Assert.InRange(scan.Done, 1, 10);
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task A_helper_that_is_canceled_leaves_after_its_unit_and_the_scan_goes_on()
    {
        using var source = new CancellationTokenSource();
        int helped = 0;
        bool asked = false;
        // Too few units for the caller to ask the thread pool again, which finds no processor in the beginning.
        var scan = new ProbeScan(50) { Beginning = _ => SwanResources.MaxDecodes = 2 };
        SwanResources.MaxDecodes = SwanResources.EncoderThreads = 1;
        scan.Unit = isCaller =>
        {
            if (isCaller && !asked)
            {
                asked = true;
                Helps(scan, source.Token);
            }
            else if (!isCaller)
            {
                helped++;
                source.Cancel();
            }
        };
        scan.Run();
        Assert.Equal((50, 1), (scan.Done, helped));
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task An_interrupted_caller_leaves_only_after_its_helpers()
    {
        using ManualResetEventSlim helping = new(), goOn = new();
        var scan = new ProbeScan(2);
        scan.Unit = isCaller =>
        {
            if (isCaller)
            {
                OnItsOwnThread(() => scan.TryHelp(CancellationToken.None));
                SpinWait.SpinUntil(() => helping.IsSet);
                return;
            }
            helping.Set();
            goOn.Wait();
        };
        int done = 0;
        bool interrupted = false;
        var caller = new Thread(() =>
        {
            scan.Run();
            done = scan.Done;
            interrupted = Record.Exception(() => Thread.Sleep(Timeout.Infinite)) is ThreadInterruptedException;
        });
        caller.Start();
        await Eventually.True(() => scan.Done == 1 && Waits(caller), "the caller waits for the helper's unit");
        caller.Interrupt();
        await Eventually.True(() => Waits(caller), "it waits on");
        Assert.Equal(0, done);
        goOn.Set();
        await Eventually.True(() => !caller.IsAlive, "it returns, and its next wait ends");
        Assert.Equal((2, true), (done, interrupted));
        await SavedResources.GivenBack();
    }

    private static bool Waits(Thread thread) => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin);

    private static bool Helps(ProbeScan scan, CancellationToken own = default) =>
        OnItsOwnThread(() => scan.TryHelp(own)).GetAwaiter().GetResult();

    private static void Fail(bool fails)
    {
        if (fails) throw new InvalidDataException("nothing is begun");
    }

    private static void Until(Func<bool> isEnough, ProbeScan scan)
    {
        scan.IsUnwanted = isEnough;
        Assert.ThrowsAny<OperationCanceledException>(() => scan.Run());
    }

    private static Task OnItsOwnThread(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task<T> OnItsOwnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
