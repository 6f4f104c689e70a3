using System.Diagnostics;

namespace Swan.Batch.Tests;

public sealed class BatchResumeTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // One job and three kills; build/kill-tests does hundreds.
    [Fact]
    public void A_killed_job_goes_on_to_the_rows_of_an_undisturbed_one()
    {
        const int Rows = 690, Chunk = 10;
        string list = Repeated(Rows, bad: 7);
        string whole = _folder.File("whole");
        BatchProcess.Run(_folder.JobInto(whole, list, Chunk, "--max-bad", "1")).MustBe(0);

        var random = new Random(3);
        // One dies while it starts, two at work.
        foreach (int more in (int[])[0, 5, 20])
        {
            using BatchProcess job = BatchProcess.Start(_folder.Job(list, Chunk, "--max-bad", "1"));
            int goal = more == 0 ? 0 : _folder.Chunks.Length + more;
            // The job is another process: only its files tell how far it is. The pause puts the kill at a random place within a chunk.
            while (!job.HasEnded && _folder.Chunks.Length < goal) Thread.Sleep(1);
            Thread.Sleep(random.Next(20));
            Assert.False(job.HasEnded, "the job was done before it could be killed");
            job.Kill();
            job.Ended();
        }
        BatchProcess.Run(_folder.Job(list, Chunk, "--max-bad", "1")).MustBe(0);

        List<EmbeddedImage> expected = BatchFolder.Rows(whole), found = _folder.Rows();
        Assert.Equal(
            Enumerable.Range(0, Rows).Select(i => (long)i), found.Select(r => r.Row).Concat(_folder.BadRows().Select(b => b.Row)).Order());
        Assert.Equal(expected.Select(r => (r.Row, r.Image)), found.Select(r => (r.Row, r.Image)));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Embedding, pair.Second.Embedding));
        Assert.Equal(BatchFolder.BadRows(whole).OrderBy(b => b.Row), _folder.BadRows().OrderBy(b => b.Row));
        Assert.Equal(Rows / 7 + 1, _folder.BadRows().Count);
        Assert.Empty(_folder.Temporaries);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void A_signal_stops_a_job_with_whole_chunks_and_exit_code_75(string signal)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        const int Rows = 1000;
        string list = Repeated(Rows, bad: int.MaxValue);
        using (BatchProcess job = BatchProcess.Start(_folder.Job(list, 10)))
        {
            // Only the files of another process tell how far it is.
            while (!job.HasEnded && _folder.Chunks.Length < 3) Thread.Sleep(1);
            job.Signal(signal);
            BatchProcess.Outcome stopped = job.Ended();
            stopped.MustBe(75);
            Assert.Contains("0/1 is stopped", stopped.Output, StringComparison.Ordinal);
            Assert.Contains("the same command goes on", stopped.Errors, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.Temporaries);
        int chunks = _folder.Chunks.Length;
        Assert.InRange(chunks, 3, Rows / 10 - 1);
        Assert.Equal(chunks * 10, _folder.Rows().Count);
        BatchProcess.Outcome rest = BatchProcess.Run(_folder.Job(list, 10));
        rest.MustBe(0);
        Assert.Contains($"{chunks * 10:N0} rows were done before", rest.Output, StringComparison.Ordinal);
        Assert.Equal(Rows, _folder.Rows().Select(r => r.Row).Distinct().Count());
    }

    [Fact]
    public async Task A_second_signal_ends_a_job_that_does_not_stop()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals are sent with kill");
        // Whoever opens a pipe waits until somebody writes into it, and can't be canceled.
        string pipe = _folder.File("pipe");
        using (Process made = Process.Start("mkfifo", [pipe])) made.WaitForExit();
        using BatchProcess job = BatchProcess.Start(_folder.Job(pipe, 10));
        await Eventually.True(() => File.Exists(Path.Combine(_folder.Out, ".s00000.lock")), "the job's start");
        // Signals that arrive together count as one.
        await Eventually.True(() => EndsAt(job, "TERM"), "the job's end");
        job.Ended().MustBe(75);
    }

    [Fact]
    public void Only_chunks_that_are_missing_or_damaged_are_made_again()
    {
        string list = _folder.List(_folder.Draw(12));
        BatchProcess.Run(_folder.Job(list, 3)).MustBe(0);
        string[] chunks = _folder.Chunks;
        byte[][] before = [.. chunks.Select(File.ReadAllBytes)];
        DateTime kept = File.GetLastWriteTimeUtc(chunks[0]);
        File.Delete(chunks[1]);
        File.WriteAllBytes(chunks[2], before[2][..^20]);

        BatchProcess.Outcome again = BatchProcess.Run(_folder.Job(list, 3));
        again.MustBe(0);
        Assert.Contains("is damaged; its rows are embedded again", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Chunks.Select(File.ReadAllBytes));
        Assert.Equal(kept, File.GetLastWriteTimeUtc(chunks[0]));
    }

    [Fact]
    public void A_start_deletes_temporary_files_of_its_own_shard_only()
    {
        string list = _folder.List(_folder.Draw(4));
        BatchProcess.Run(_folder.Job(list, 2, "--shard", "0/2")).MustBe(0);
        string own = Path.Combine(_folder.Out, "embeddings", ".s00000.shard-00000-of-00002-chunk-000000.parquet.tmp");
        string other = own.Replace("00000.", "00001.", StringComparison.Ordinal);
        foreach (string file in (string[])[
            own, Path.Combine(_folder.Out, "bad", ".s00000.x.jsonl.tmp"), Path.Combine(_folder.Out, ".s00000.manifest.json.tmp"), other])
            File.WriteAllText(file, "left");
        BatchProcess.Run(_folder.Job(list, 2, "--shard", "0/2")).MustBe(0);
        Assert.Equal([other], _folder.Temporaries);
    }

    [Fact]
    public void A_shard_that_another_process_is_at_is_to_be_tried_later()
    {
        string list = _folder.List(_folder.Draw(2));
        Directory.CreateDirectory(_folder.Out);
        using (new FileStream(Path.Combine(_folder.Out, ".s00000.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            BatchProcess.Outcome second = BatchProcess.Run(_folder.Job(list, 2));
            second.MustBe(75);
            Assert.Contains("Another process is at shard 0/1", second.Errors, StringComparison.Ordinal);
        }
        BatchProcess.Run(_folder.Job(list, 2)).MustBe(0);
    }

    [Fact]
    public void What_fails_on_the_way_leaves_whole_chunks_and_ends_with_74()
    {
        string list = _folder.List(_folder.Draw(6));
        // Nobody can write a file where a folder is.
        string obstacle = Path.Combine(_folder.Out, "embeddings", "shard-00000-of-00001-chunk-000001.parquet");
        Directory.CreateDirectory(obstacle);
        BatchProcess.Run(_folder.Job(list, 2)).MustBe(74);
        Assert.Equal([0L, 1L], _folder.Rows().Select(r => r.Row));
        Assert.Empty(_folder.Temporaries);
        Directory.Delete(obstacle);
        BatchProcess.Run(_folder.Job(list, 2)).MustBe(0);
        Assert.Equal(6, _folder.Rows().Count);
    }

    private static bool EndsAt(BatchProcess job, string signal)
    {
        if (!job.HasEnded) job.Signal(signal);
        return job.HasEnded;
    }

    // A few images over and over, and a file that isn't there in every row whose number 'bad' divides.
    private string Repeated(int rows, int bad)
    {
        string[] names = _folder.Draw(20);
        return _folder.List(Enumerable.Range(0, rows)
            .Select(i => i % bad == 0 && bad < rows ? $"missing-{i}.png" : names[i % names.Length]));
    }
}
