using System.Diagnostics;

namespace Swan.Cli.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task A_canceled_test_ends_its_child_and_the_childs_children()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "bash is its child");
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        string begun = folder.File("begun"), ended = folder.File("ended");
        var start = new ProcessStartInfo("bash", ["-c", $"bash -c \"touch '{begun}'; sleep 30; touch '{ended}'\"; true"]);
        Task run = Task.Run(() => ChildProcess.Finish(start, cancellation.Token), TestContext.Current.CancellationToken);
        await Eventually.True(() => File.Exists(begun), "the child's child");
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run); // once nothing holds the child's output any more
        Assert.False(File.Exists(ended));
    }
}
