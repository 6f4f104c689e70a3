using System.Diagnostics;

namespace Swan.Batch.Tests.Jobs;

/// <summary><c>swan embed</c> that is killed, stopped, or can't go on.</summary>
public sealed class KilledJobTests : IDisposable
{
    private const int RowsPerShard = 5;
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // One job and four kills; build/kill-tests does hundreds.
    [Fact]
    public async Task A_killed_job_goes_on_to_the_rows_of_an_undisturbed_one()
    {
        string[] job = Job(rows: 350, bad: 7);
        string[] whole = [.. job];
        whole[Array.IndexOf(whole, "--out") + 1] = _folder.File("whole");
        BatchProcess.Run(whole).MustBe(0);

        var random = new Random(3);
        // One dies while it starts, the others at work.
        foreach (int more in (int[])[0, 3, 10, 20])
        {
            using BatchProcess killed = BatchProcess.Start(job);
            int goal = more == 0 ? 0 : _folder.Records.Length + more;
            // The job is another process: only its files tell how far it is. The pause puts the kill at a random place within a shard.
            while (!killed.HasEnded && _folder.Records.Length < goal) Thread.Sleep(1);
            Thread.Sleep(random.Next(20));
            Assert.False(killed.HasEnded, "the job was done before it could be killed");
            killed.Kill();
            killed.Ended();
        }
        BatchProcess.Outcome rest = BatchProcess.Run(job);
        rest.MustBe(0);
        Assert.Contains("continues run", rest.Output, StringComparison.Ordinal);

        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal((await BatchFolder.RowsAsync(_folder.File("whole"))).Select(r => r.Text), rows.Select(r => r.Text));
        Assert.Equal((350, 50), (rows.Count, rows.Count(r => r.Fault == "Missing")));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_stops_a_job_with_whole_shards_and_exit_code_75(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        const int Rows = 400;
        string[] job = Job(Rows, bad: int.MaxValue);
        using (BatchProcess stopping = BatchProcess.Start(job))
        {
            // Only the files of another process tell how far it is.
            while (!stopping.HasEnded && _folder.Records.Length < 3) Thread.Sleep(1);
            stopping.Signal(signal);
            BatchProcess.Outcome stopped = stopping.Ended();
            stopped.MustBe(75);
            Assert.Contains($"of {Rows} rows, ", Assert.Single(stopped.Output.Split('\n'), line => line.StartsWith("stopped: ",
                StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.Contains("the same command continues", stopped.Errors, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.Temporaries);
        int shards = _folder.Records.Length;
        Assert.InRange(shards, 3, Rows / RowsPerShard - 1);
        BatchProcess.Outcome rest = BatchProcess.Run(job);
        rest.MustBe(0);
        Assert.Contains($"{shards * RowsPerShard:N0} rows were done before", rest.Output, StringComparison.Ordinal);
        Assert.Equal(Rows, (await _folder.RowsAsync()).Count);
    }

    [Fact]
    public async Task A_second_signal_ends_a_job_that_does_not_stop()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        // Whoever reads a pipe waits until somebody writes into it, and can't be canceled.
        string pipe = _folder.File("pipe");
        using (Process made = Process.Start("mkfifo", [pipe])) made.WaitForExit();
        using BatchProcess job = BatchProcess.Start(_folder.Job(pipe, 10));
        // Opened once the job has opened it, too.
        await using FileStream _ = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        // Signals that arrive together count as one.
        await Eventually.True(() => EndsAt(job, "TERM"), "the job's end");
        job.Ended().MustBe(75);
    }

    [Fact]
    public async Task What_fails_on_the_way_keeps_shards_that_are_done_and_ends_with_74()
    {
        string list = _folder.List(_folder.Draw(6));
        // Nobody can make a folder where a file is.
        Directory.CreateDirectory(_folder.Out);
        string obstacle = Path.Combine(_folder.Out, "outcomes");
        await File.WriteAllTextAsync(obstacle, "", TestContext.Current.CancellationToken);
        BatchProcess.Outcome failed = BatchProcess.Run(_folder.Job(list, 2));
        failed.MustBe(74);
        Assert.Contains("outcomes", failed.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failed.Errors, StringComparison.Ordinal);
        Assert.Equal(3, _folder.Records.Length);
        Assert.Empty(_folder.Temporaries);
        File.Delete(obstacle);
        BatchProcess.Outcome rest = BatchProcess.Run(_folder.Job(list, 2));
        rest.MustBe(0);
        Assert.Equal(6, (await _folder.RowsAsync()).Count);
    }

    private static bool EndsAt(BatchProcess job, string signal)
    {
        if (!job.HasEnded) job.Signal(signal);
        return job.HasEnded;
    }

    // Images, and a file that isn't there in every row whose number 'bad' divides.
    private string[] Job(int rows, int bad)
    {
        string[] names = _folder.Draw(rows);
        return _folder.Job(
            _folder.List(names.Select((name, i) => i % bad == 0 && bad < rows ? $"missing-{name}" : name)), RowsPerShard, "--max-bad", "1");
    }
}
