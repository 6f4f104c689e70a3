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
}
