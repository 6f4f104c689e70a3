using System.Runtime.InteropServices;
using Swan.Cli.Outcomes;

namespace Swan.Cli.Tests.Outcomes;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData(PosixSignal.SIGTERM), InlineData(PosixSignal.SIGINT), InlineData(PosixSignal.SIGHUP)]
    public void A_signal_cancels_the_command_instead_of_ending_the_process(PosixSignal kind)
    {
        using var interruption = new Interruption(exitCode: 1, CancellationToken.None);
        var signal = new PosixSignalContext(kind);
        interruption.Received(signal);
        Assert.True(signal.Cancel);
        Assert.True(interruption.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_signal_that_comes_as_the_command_ends_is_no_error()
    {
        var interruption = new Interruption(exitCode: 1, CancellationToken.None);
        interruption.Dispose();
        var signal = new PosixSignalContext(PosixSignal.SIGTERM);
        interruption.Received(signal);
        Assert.True(signal.Cancel);
        Assert.False(interruption.Token.IsCancellationRequested);
    }

    [Fact]
    public void Signals_of_one_moment_are_one_and_a_later_one_ends_the_process()
    {
        var time = new ManualTime();
        var ends = new List<int>();
        using var interruption = new Interruption(exitCode: 75, CancellationToken.None, time: time, exit: ends.Add);
        void Receive(PosixSignal kind)
        {
            var signal = new PosixSignalContext(kind);
            interruption.Received(signal);
            Assert.True(signal.Cancel);
        }

        time.Advance(TimeSpan.FromHours(1)); // since the command began
        Receive(PosixSignal.SIGHUP); // the shell's
        Receive(PosixSignal.SIGHUP); // the kernel's
        time.Advance(Interruption.Together - TimeSpan.FromMilliseconds(1));
        Receive(PosixSignal.SIGTERM);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Empty(ends);

        time.Advance(TimeSpan.FromMilliseconds(1));
        Receive(PosixSignal.SIGINT);
        Assert.Equal([75], ends);
    }

    [Fact]
    public void A_command_that_does_not_end_after_a_signal_is_ended_and_one_that_ends_is_not()
    {
        var time = new HeldTime();
        var ends = new List<int>();
        using (var interruption = new Interruption(75, CancellationToken.None, TimeSpan.FromSeconds(8), time, ends.Add))
        {
            Assert.Null(time.Timer); // it counts from the signal
            interruption.Received(new PosixSignalContext(PosixSignal.SIGTERM));
            Assert.Equal(TimeSpan.FromSeconds(8), time.Timer!.Due);
            time.Timer.Elapse();
            Assert.Equal([75], ends);
        }
        Assert.True(time.Timer.IsDisposed);
    }

    private sealed class HeldTime : TimeProvider
    {
        public HeldTimer? Timer { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Timer = new HeldTimer(() => callback(state), dueTime);
    }

    private sealed class HeldTimer(Action elapse, TimeSpan due) : ITimer
    {
        public TimeSpan Due => due;

        public bool IsDisposed { get; private set; }

        public void Elapse() => elapse();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose() => IsDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
