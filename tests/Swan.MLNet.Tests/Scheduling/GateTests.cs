using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Scheduling;

public sealed class GateTests
{
    [Fact]
    public async Task An_interrupted_thread_takes_the_lock_and_learns_of_it_later()
    {
        var gate = new Gate();
        bool taken = false, interrupted = false;
        var thread = new Thread(() =>
        {
            using (gate.Enter()) taken = true;
            try
            {
                Thread.Sleep(Timeout.Infinite);
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        });
        Interrupted(gate, thread);
        await Eventually.True(() => !thread.IsAlive, "the interrupt ends the next wait");
        Assert.Equal((true, true), (taken, interrupted));
    }

    [Fact]
    public async Task A_wait_for_a_pulse_ends_by_an_interrupt_and_the_lock_is_left()
    {
        var gate = new Gate();
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() =>
        {
            using Gate.Held held = gate.Enter();
            held.Wait();
        }));
        thread.Start();
        thread.Interrupt();
        await Eventually.True(() => !thread.IsAlive, "the wait ends");
        Assert.IsType<ThreadInterruptedException>(thrown);
        using (gate.Enter())
        {
        }
    }

    // Starts a thread while the lock is held, and interrupts it before the lock is free.
    private static void Interrupted(Gate gate, Thread thread)
    {
        using (gate.Enter())
        {
            thread.Start();
            thread.Interrupt();
            SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        }
    }
}
