using CsCheck;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Scheduling;

public sealed class PermitsTests
{
    private const int Limit = 10;

    // What happens next: a request for 1 to 15 units, or (0 and below) the end or the cancellation of an earlier request.
    private static readonly Gen<(int Units, int Which)[]> Steps = Gen.Select(Gen.Int[-1, 15], Gen.Int[0, 100]).Array[1, 60];

    [Fact]
    public void Permits_are_never_exceeded_passed_or_lost() => Steps.Sample(steps =>
    {
        var permits = new Permits(Limit);
        var asked = new List<Request>();
        foreach ((int units, int which) in steps)
        {
            if (units > 0) asked.Add(new Request(permits, units));
            else if (asked.Count > 0) asked[which % asked.Count].Leave(cancel: units < 0);
            Check(permits, asked);
        }
        foreach (Request request in asked) request.Leave(cancel: false);
        // Those that waited have come, each when those before it had gone.
        while (asked.Exists(r => r.Holds)) asked.First(r => r.Holds).Leave(cancel: false);
        Check(permits, asked);
        Assert.Equal((0, 0), (permits.Taken, permits.Waiting));
        foreach (Request request in asked) Assert.Equal(request.Canceled, Record.Exception(request.Wait) is OperationCanceledException);
    });

    [Fact]
    public void Threads_that_cancel_and_fail_lose_no_permits()
    {
        var permits = new Permits(Limit);
        long held = 0, most = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 500; i++)
            {
                using var cancellation = new CancellationTokenSource();
                if (random.Next(4) == 0) ThreadPool.QueueUserWorkItem(static source => Cancel(source), cancellation, preferLocal: false);
                int units = random.Next(1, Limit + 1);
                _ = Record.Exception(() =>
                {
                    using Permit permit = permits.Enter(units, cancellation.Token);
                    InterlockedMax(ref most, Interlocked.Add(ref held, units));
                    Thread.Yield();
                    Interlocked.Add(ref held, -units);
                    if (i % 5 == 0) throw new InvalidOperationException("the work fails");
                });
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.InRange(most, 1, Limit);
        Assert.Equal((0, 0), (permits.Taken, permits.Waiting));
    }

    [Fact]
    public async Task A_request_larger_than_the_limit_is_granted_alone()
    {
        var permits = new Permits(Limit);
        Permit small = permits.Enter(1, CancellationToken.None), large = permits.Hold(), later = permits.Hold();
        Task waiting = large.EnterAsync(25, CancellationToken.None), last = later.EnterAsync(1, CancellationToken.None);
        Assert.Equal((0, 0), (large.Units, later.Units));
        small.Dispose();
        Assert.Equal((25, 0, 25), (large.Units, later.Units, permits.Taken));
        Assert.False(small.TryTake(1));
        large.Dispose();
        Assert.Equal(1, later.Units);
        await Task.WhenAll(waiting, last);
    }

    [Fact]
    public void Nobody_passes_those_who_wait()
    {
        var permits = new Permits(Limit);
        using Permit first = permits.Enter(6, CancellationToken.None);
        using Permit second = permits.Hold(), third = permits.Hold(), hasty = permits.Hold();
        _ = second.EnterAsync(6, CancellationToken.None);
        _ = third.EnterAsync(1, CancellationToken.None);
        Assert.False(hasty.TryTake(1)); // there is room for it, but not for the one who waits
        Assert.Equal((0, 0), (second.Units, third.Units));
        first.Dispose();
        Assert.Equal((6, 1), (second.Units, third.Units));
    }

    [Fact]
    public async Task A_wait_that_is_canceled_ends_at_once_and_lets_the_next_one_in()
    {
        var permits = new Permits(Limit);
        using Permit first = permits.Enter(6, CancellationToken.None);
        using Permit second = permits.Hold(), third = permits.Hold();
        using var cancellation = new CancellationTokenSource();
        Task waiting = second.EnterAsync(6, cancellation.Token);
        Task next = third.EnterAsync(4, CancellationToken.None);
        Assert.Equal(2, permits.Waiting);
        await cancellation.CancelAsync();
        Assert.Equal((0, 4, 10), (second.Units, third.Units, permits.Taken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await next;
        Assert.ThrowsAny<OperationCanceledException>(() => permits.Enter(1, cancellation.Token));
    }

    [Fact]
    public async Task A_wait_that_is_interrupted_leaves_the_line_and_the_permit_can_ask_again()
    {
        var permits = new Permits(Limit);
        using Permit first = permits.Enter(6, CancellationToken.None), second = permits.Hold();
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => second.Enter(6, CancellationToken.None)));
        thread.Start();
        await Eventually.True(() => permits.Waiting == 1, "it waits in line");
        thread.Interrupt();
        await Eventually.True(() => !thread.IsAlive, "the wait ends");
        Assert.IsType<ThreadInterruptedException>(thrown);
        first.Dispose();
        Assert.Equal((0, 0), (permits.Waiting, permits.Taken));
        second.Enter(6, CancellationToken.None);
        Assert.Equal(6, permits.Taken);
    }

    [Fact]
    public void A_unit_is_free_while_nobody_waits_and_not_all_are_taken()
    {
        var permits = new Permits(2);
        using Permit first = permits.Enter(1, CancellationToken.None), second = permits.Hold(), large = permits.Hold();
        Assert.True(permits.HasFree);
        _ = large.EnterAsync(2, CancellationToken.None);
        Assert.False(permits.HasFree);
        first.Dispose();
        large.Dispose();
        second.Enter(2, CancellationToken.None);
        Assert.False(permits.HasFree);
    }

    [Fact]
    public void A_higher_limit_lets_in_who_waits_and_a_lower_one_takes_nothing_away()
    {
        var permits = new Permits(1);
        using Permit first = permits.Enter(1, CancellationToken.None), second = permits.Hold();
        _ = second.EnterAsync(1, CancellationToken.None);
        permits.Limit = 2;
        Assert.Equal((1, 0), (second.Units, permits.Waiting));
        permits.Limit = 1;
        Assert.Equal(2, permits.Taken);
        first.Dispose();
        Assert.False(first.TryTake(1));
    }

    [Fact]
    public void A_holder_that_would_wait_for_more_is_refused()
    {
        var permits = new Permits(Limit);
        using Permit holder = permits.Enter(1, CancellationToken.None);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => holder.Enter(1, CancellationToken.None));
        Assert.Contains("wait for each other", e.Message, StringComparison.Ordinal);
        holder.Take(20); // beyond the limit, without waiting
        Assert.Equal(21, permits.Taken);
        holder.Become(3);
        Assert.Equal(3, permits.Taken);
    }

    [Fact]
    public void Fewer_units_than_none_are_refused()
    {
        var permits = new Permits(Limit);
        using Permit permit = permits.Hold();
        Assert.Throws<ArgumentOutOfRangeException>(() => permits.Enter(-1, CancellationToken.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => permit.TryTake(long.MinValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => permit.Take(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => permit.Become(-1));
        Assert.Equal((0, 0), (permits.Taken, permits.Waiting));
    }

    private static void Check(Permits permits, List<Request> asked)
    {
        Assert.Equal(permits.Taken, asked.Sum(r => r.Permit.Units));
        Assert.True(permits.Taken <= Limit || asked.Count(r => r.Permit.Units > 0) == 1);
        Request[] waiting = [.. asked.Where(r => r.Waits)];
        Assert.Equal(waiting.Length, permits.Waiting);
        if (waiting.Length == 0) return;
        Assert.DoesNotContain(asked.SkipWhile(r => r != waiting[0]), r => r.Permit.Units > 0);
        Assert.True(permits.Taken > 0 && permits.Taken + waiting[0].Units > Limit);
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Its wait ended first.
        }
    }

    private static void InterlockedMax(ref long most, long value)
    {
        long seen;
        while ((seen = Interlocked.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private sealed class Request
    {
        private readonly CancellationTokenSource _cancellation = new();
        private readonly Task _task;
        private bool _left;

        public Request(Permits permits, int units)
        {
            (Permit, Units) = (permits.Hold(), units);
            _task = Permit.EnterAsync(units, _cancellation.Token);
        }

        public Permit Permit { get; }

        public int Units { get; }

        public bool Canceled { get; private set; }

        public bool Holds => Permit.Units > 0;

        public bool Waits => !Holds && !Canceled && !_left;

        /// <summary>Gives back what it holds; while it waits, only a cancellation ends it.</summary>
        public void Leave(bool cancel)
        {
            if (Holds) (_left, _) = (true, Dispose());
            else if (Waits && cancel)
            {
                Canceled = true;
                _cancellation.Cancel();
            }
        }

        public void Wait() => _task.GetAwaiter().GetResult();

        private bool Dispose()
        {
            Permit.Dispose();
            return true;
        }
    }
}
