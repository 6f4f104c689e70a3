using System.Collections.Concurrent;
using Swan.MLNet.Encoders;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Encoders;

[Collection("WorkFrameTests")]
public sealed class BatchRunsTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private readonly SavedResources _saved = new();

    public BatchRunsTests() => (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (2, 2);

    public void Dispose() => _saved.Dispose();

    [Fact]
    public async Task Every_run_is_made_once_and_handed_on_by_the_callers_thread()
    {
        var made = new ConcurrentBag<int>();
        var threads = new List<int>();

        new BatchRuns(new EncoderTurns(4, threads: 1), 50, (i, _) => made.Add(i)).Make(
            isOneRow: false, () => threads.Add(Environment.CurrentManagedThreadId), CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 50), made.Order());
        Assert.NotEmpty(threads);
        Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task Who_helps_waits_in_line_and_leaves_it_when_all_runs_have_begun()
    {
        bool onPool = false;
        var runs = new BatchRuns(new EncoderTurns(3, threads: 1), 2, (_, _) => onPool |= Thread.CurrentThread.IsThreadPoolThread);
        Task batch;
        using (WorkFrame.Process.Processors.Enter(2, CancellationToken.None))
        {
            batch = OnItsOwnThread(() => runs.Make(isOneRow: false, handOn: null, CancellationToken.None));
            await Eventually.True(() => WorkFrame.Process.Processors.Waiting == 2, "the caller's thread and one that helps wait");
        }
        await batch;
        Assert.False(onPool);
        await SavedResources.GivenBack();
        await Eventually.True(() => WorkFrame.Process.Processors.Waiting == 0, "nobody waits any more");
    }

    [Fact]
    public async Task A_decode_gives_its_processor_to_the_next_run_and_not_after_it()
    {
        // The caller's first run goes on until another thread has made the rest.
        using var rest = new CountdownEvent(3);
        using Permit decode = WorkFrame.Process.Processors.Enter(1, CancellationToken.None);
        using Permit other = WorkFrame.Process.Processors.Enter(1, CancellationToken.None);
        int caller = 0;
        var runs = new BatchRuns(new EncoderTurns(2, threads: 1), 4, (_, _) =>
        {
            if (Environment.CurrentManagedThreadId != caller)
            {
                rest.Signal();
                return;
            }
            decode.Dispose();
            Assert.True(rest.Wait(Long));
        });
        Task batch = OnItsOwnThread(() =>
        {
            caller = Environment.CurrentManagedThreadId;
            runs.Make(isOneRow: false, handOn: null, CancellationToken.None);
        });
        // A thread that helps could make all runs before the caller has begun one.
        await Eventually.True(() => WorkFrame.Process.Processors.Waiting == 2, "the caller's thread and one that helps wait");

        other.Dispose();

        await batch;
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task The_runs_of_a_canceled_batch_end_and_nobody_waits_for_it()
    {
        using var stop = new CancellationTokenSource();
        var runs = new BatchRuns(new EncoderTurns(2, threads: 1), 8, (_, _) => throw new InvalidOperationException("not begun"));
        using (WorkFrame.Process.Processors.Enter(2, CancellationToken.None))
        {
            Task batch = OnItsOwnThread(() => runs.Make(isOneRow: false, handOn: null, stop.Token));
            await Eventually.True(() => WorkFrame.Process.Processors.Waiting == 2, "both wait");
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch);
            await Eventually.True(() => WorkFrame.Process.Processors.Waiting == 0, "nobody waits any more");
        }
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task A_processor_that_becomes_free_helps_with_what_is_left()
    {
        using var helped = new ManualResetEventSlim();
        using Permit taken = WorkFrame.Process.Processors.Enter(1, CancellationToken.None);
        int caller = Environment.CurrentManagedThreadId;

        new BatchRuns(new EncoderTurns(2, threads: 1), 3, (i, _) =>
        {
            if (i == 0) taken.Dispose();
            else if (Environment.CurrentManagedThreadId != caller) helped.Set();
            else Assert.True(helped.Wait(Long));
        }).Make(isOneRow: false, handOn: null, CancellationToken.None);

        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task Who_throws_while_results_are_handed_on_ends_the_batch()
    {
        int calls = 0, running = 0;
        var runs = new BatchRuns(new EncoderTurns(2, threads: 1), 100, (_, _) =>
        {
            Interlocked.Increment(ref running);
            Thread.Yield();
            Interlocked.Decrement(ref running);
        });

        Assert.Throws<InvalidOperationException>(() => runs.Make(isOneRow: false, () =>
        {
            calls++;
            throw new InvalidOperationException("enough");
        }, CancellationToken.None));

        Assert.Equal((1, 0), (calls, running));
        await SavedResources.GivenBack();
    }

    [Fact]
    public async Task Exhausted_memory_goes_before_other_faults_of_a_batch()
    {
        using var both = new Barrier(2);
        var runs = new BatchRuns(new EncoderTurns(2, threads: 1), 2, (i, _) =>
        {
            Assert.True(both.SignalAndWait(Long));
            throw i == 0 ? new OutOfMemoryException() : new InvalidOperationException("another");
        });

        Assert.Throws<OutOfMemoryException>(() => runs.Make(isOneRow: false, handOn: null, CancellationToken.None));
        await SavedResources.GivenBack();
    }

    private static Task OnItsOwnThread(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
