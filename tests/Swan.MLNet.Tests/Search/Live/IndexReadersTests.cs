using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class IndexReadersTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Readers_see_whole_commits_while_one_writes(bool sameObject)
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        using SwanLiveIndex reading = sameObject ? index : _folder.Open();
        using var stop = new CancellationTokenSource();
        int[] states = new int[3];
        // Each commit gives all ten rows one embedding.
        Write(writer, 0);
        Task[] readers = [.. Enumerable.Range(0, states.Length).Select(reader => Task.Run(() =>
        {
            long last = 0;
            while (!stop.IsCancellationRequested)
            {
                using SwanIndexSnapshot snapshot = reading.Snapshot();
                Assert.True(snapshot.Generation >= last);
                bool isOther = snapshot.Generation != last;
                last = snapshot.Generation;
                SwanRow[] rows = [.. snapshot.Rows()];
                Assert.Equal(10, rows.Length);
                Assert.All(rows, row => Assert.Equal(rows[0].Embedding.ToArray(), row.Embedding.ToArray()));
                Assert.Equal(10, reading.Search([1, 0, 0], 20).Select(hit => hit.Score).GroupBy(score => score).Single().Count());
                if (isOther) Interlocked.Increment(ref states[reader]);
            }
        }))];
        // Until each reader has answered by several states, so that commits fell among its reads.
        for (int i = 1; i < 150 || states.Any(count => count < 5) && !readers.Any(reader => reader.IsFaulted); i++)
        {
            Assert.True(i < 100_000, "A reader never ran.");
            Write(writer, i);
            if (i % 40 == 0) writer.Compact();
        }
        stop.Cancel();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Readers_of_one_object_are_never_behind_a_commit_that_is_done()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        using SwanLiveIndex reading = _folder.Open();
        using var stop = new CancellationTokenSource();
        int[] looks = new int[4];
        long done = 1;
        Task[] readers = [.. Enumerable.Range(0, looks.Length).Select(reader => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                long committed = Volatile.Read(ref done);
                if (reader % 2 == 0) reading.Refresh();
                long seen = reading.Generation;
                Assert.True(seen >= committed, $"A reader saw commit {seen} when {committed} was done.");
                Interlocked.Increment(ref looks[reader]);
            }
        }))];
        for (int i = 0; i < 100; i++)
        {
            writer.Upsert($"{i % 10}", LiveFolder.Row(i));
            Volatile.Write(ref done, writer.Commit());
        }
        await Eventually.True(() => looks.All(count => count > 0) || readers.Any(reader => reader.IsFaulted), "each reader has read");
        stop.Cancel();
        await Task.WhenAll(readers);
        Assert.Equal(writer.Commit(), reading.Generation);
    }

    [Fact]
    public void Twenty_writers_killed_at_random_moments_lose_double_and_tear_nothing()
    {
        (int code, string output, string errors) = LoadOnlyProcess.Run("Swan.KillIndex", ["kill", "20", "1"]);
        Assert.True(code == 0, $"{output}\n{errors}");
        Assert.Contains("20 kills", output, StringComparison.Ordinal);
        Assert.Contains("Nothing was lost, doubled or torn.", output, StringComparison.Ordinal);
    }

    private static void Write(SwanIndexWriter writer, int number)
    {
        for (int i = 0; i < 10; i++) writer.Upsert($"{i}", LiveFolder.Row(number));
        writer.Commit();
    }
}
