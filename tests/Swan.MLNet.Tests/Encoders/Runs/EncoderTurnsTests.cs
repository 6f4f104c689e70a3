using Swan.MLNet.Encoders;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Encoders;

[Collection("WorkFrameTests")]
public sealed class EncoderTurnsTests : IDisposable
{
    private readonly SavedResources _saved = new();

    public EncoderTurnsTests() => (SwanResources.MaxDecodes, SwanResources.EncoderThreads) = (4, 4);

    private static WorkFrame Frame => WorkFrame.Process;

    public void Dispose() => _saved.Dispose();

    [Fact]
    public async Task A_run_without_memory_gives_its_processor_back_while_it_waits()
    {
        var turns = new EncoderTurns(3, threads: 1);
        RunTurn first = turns.Wait(isOneRow: false, CancellationToken.None), second = turns.Wait(isOneRow: false, CancellationToken.None);
        Task alone = OnItsOwnThread(() => second.BecomeAlone(CancellationToken.None));
        await Eventually.True(() => turns.Waiting == 1, "it waits for the other");
        Assert.Equal((1, 1), (Frame.Processors.Taken, Frame.Encoders.Taken));
        Assert.False(HasOneMore(turns));

        first.Dispose();
        await alone;

        Assert.Equal((1, 1), (Frame.Processors.Taken, Frame.Encoders.Taken));
        Assert.False(HasOneMore(turns));
        second.Dispose();
        Assert.True(HasOneMore(turns));
        await SavedResources.GivenBack();
    }

    [Theory]
    [InlineData(4, 1, 3)]
    [InlineData(4, 2, 2)]
    [InlineData(4, 3, 1)]
    [InlineData(4, 4, 1)]
    [InlineData(1, 1, 3)] // alone from the start: the others have no part in it
    public async Task As_many_runs_stay_as_went_on_beside_one_without_memory(int running, int without, int stay)
    {
        var turns = new EncoderTurns(running == 1 ? stay : running, threads: 1);
        RunTurn[] all = [.. Enumerable.Range(0, running).Select(_ => turns.Wait(isOneRow: false, CancellationToken.None))];
        Task[] alone = [.. all[..without].Select(turn => OnItsOwnThread(() =>
        {
            turn.BecomeAlone(CancellationToken.None);
            turn.Dispose();
        }))];
        if (running > without) await Eventually.True(() => turns.Waiting == without, "they wait for those that went on");
        foreach (RunTurn turn in all[without..]) turn.Dispose();
        await Task.WhenAll(alone);

        Assert.Equal(stay, turns.AtOnce);
        await SavedResources.GivenBack();
    }

    [Fact]
    public void Who_stops_waiting_to_be_alone_holds_nothing()
    {
        var turns = new EncoderTurns(2, threads: 1);
        using var stop = new CancellationTokenSource();
        using RunTurn first = turns.Wait(isOneRow: false, CancellationToken.None), second = turns.Wait(isOneRow: false, stop.Token);
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => second.BecomeAlone(stop.Token));
        Assert.Equal((1, 1), (Frame.Processors.Taken, Frame.Encoders.Taken));
    }

    private static bool HasOneMore(EncoderTurns turns)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        try
        {
            using RunTurn turn = turns.Wait(isOneRow: false, stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static Task OnItsOwnThread(Action work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
