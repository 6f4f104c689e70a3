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

    [Fact]
    public void A_test_that_is_skipped_in_its_own_process_skips_its_caller()
    {
        string? skipped = null;
        try
        {
            Passes(nameof(Skipped));
        }
        catch (Exception e) // which xUnit's own assertions pass on
        {
            skipped = e.Message;
        }

        Assert.NotNull(skipped);
        Assert.Contains("XunitDynamicSkip", skipped, StringComparison.Ordinal);
        Assert.Contains("for want of a switch", skipped, StringComparison.Ordinal);
        Assert.Throws<Xunit.Sdk.TrueException>(() => Passes(nameof(Failed)));
        Assert.Contains("said", Passes(nameof(Passed)), StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Skipped() => Assert.Skip("for want of a switch");

    [Fact(Explicit = true)]
    public void Failed() => Assert.Fail("as it is meant to");

    [Fact(Explicit = true)]
    public void Passed() => Console.Error.Write("said");

    private static string Passes(string test) =>
        ChildProcess.Passes(typeof(ChildProcessTests).Assembly.Location, typeof(ChildProcessTests), test);
}
