using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class CompactionTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compaction_leaves_one_file_without_the_deleted_rows()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        Fill(writer, 10);
        Assert.True(Segments() >= 10);
        for (int i = 0; i < 100; i += 2) writer.Remove($"{i}");
        writer.Commit();
        var reports = new Reports();
        writer.Compact(reports);
        Assert.Equal((1, 50), (Segments(), index.Count));
        Assert.True(reports.Last is { Done: > 0 } last && last.Done <= last.Total);
        index.Verify();
        long generation = index.Generation;
        writer.Compact();
        Assert.Equal(generation, index.Generation);
        Assert.True(index.TryGet("1", out SwanRow? row));
        Assert.Equal(LiveFolder.Row(1), row.Embedding.ToArray());
    }

    [Fact]
    public async Task Compaction_in_the_background_keeps_files_few()
    {
        using SwanLiveIndex index = _folder.Create();
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            Fill(writer, 100);
            await Eventually.True(() => Segments() < 12, "files are merged");
            Assert.Null(writer.CompactionFault);
        }
        Assert.Equal(1000, index.Count);
        index.Verify();
    }

    [Fact]
    public async Task Changes_during_a_compaction_are_carried_over()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        Fill(writer, 10);
        using var stop = new CancellationTokenSource();
        // Deletes, replaces and commits, while files are merged again and again.
        Task compacting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) writer.Compact();
        });
        var expected = Enumerable.Range(0, 100).ToDictionary(i => $"{i}", i => LiveFolder.Row(i));
        var random = new Random(5);
        int withinMerges = 0;
        for (int i = 0; i < 400 || withinMerges < 5; i++)
        {
            Assert.True(i < 100_000, "No change fell within a merge.");
            string key = $"{random.Next(120)}";
            string? merging = index.Contains(key) ? Merging() : null;
            if (random.Next(3) == 0)
            {
                Assert.Equal(expected.Remove(key), writer.Remove(key));
            }
            else
            {
                expected[key] = LiveFolder.Row(i + 1000);
                writer.Upsert(key, expected[key]);
            }
            // Only a merge writes here between two commits. The same file before and after: the change of a merged row fell within.
            if (merging is not null && Merging() == merging) withinMerges++;
            if (i % 7 == 0) writer.Commit();
        }
        writer.Commit();
        stop.Cancel();
        await compacting;
        using SwanIndexSnapshot snapshot = index.Snapshot();
        Assert.Equal(expected.Count, snapshot.Count);
        Assert.All(snapshot.Rows(), row => Assert.Equal(expected[row.Key], row.Embedding.ToArray()));
        index.Verify();
    }

    [Fact]
    public void Uncommitted_changes_stay_uncommitted_when_files_are_merged()
    {
        using SwanLiveIndex index = _folder.Create();
        using (SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false }))
        {
            Fill(writer, 3);
            writer.Remove("5");
            writer.Upsert("6", [0, 0, 1]);
            writer.Upsert("new", [0, 0, 1]);
            writer.Compact();
            Assert.Equal(30, index.Count);
            Assert.True(index.Contains("5"));
            Assert.False(writer.Contains("5"));
        }
        using SwanLiveIndex again = _folder.Open();
        Assert.Equal(30, again.Count);
        Assert.True(again.TryGet("6", out SwanRow? row));
        Assert.Equal(LiveFolder.Row(6), row.Embedding.ToArray());
    }

    [Fact]
    public void Rows_that_are_all_removed_leave_no_file()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        Fill(writer, 2);
        writer.RemoveMany(Enumerable.Range(0, 20).Select(i => $"{i}"));
        writer.Commit();
        Assert.Equal((0, 0), (Segments(), index.Count));
        Assert.Empty(index.Search([1, 0, 0], 3));
    }

    [Fact]
    public void A_canceled_compaction_leaves_the_index_as_it_was()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        Fill(writer, 3);
        string[] before = Files();
        Assert.ThrowsAny<OperationCanceledException>(() => writer.Compact(null, new CancellationToken(canceled: true)));
        Assert.Equal(before, Files());
        Assert.Equal(30, index.Count);
    }

    [Fact]
    public void A_compaction_ends_though_rows_are_removed_all_the_time()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        Fill(writer, 5);
        int reports = 0;
        writer.Compact(new Told(() =>
        {
            writer.Remove($"{reports++}");
            writer.Commit();
            // A caller's code may ask on another thread, too.
            Assert.True(Task.Run(() => writer.Count).Wait(TimeSpan.FromMinutes(1)));
        }));
        Assert.Equal((1, 49), (reports, index.Count));
        writer.Compact();
        Assert.Equal((1, 49), (Segments(), index.Count));
        index.Verify();
    }

    private sealed class Told(Action told) : IProgress<SwanIndexProgress>
    {
        public void Report(SwanIndexProgress value) => told();
    }

    private sealed class Reports : IProgress<SwanIndexProgress>
    {
        public SwanIndexProgress Last { get; private set; }

        public void Report(SwanIndexProgress value) => Last = value;
    }

    private static void Fill(SwanIndexWriter writer, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            for (int i = 0; i < 10; i++) writer.Upsert($"{commit * 10 + i}", LiveFolder.Row(commit * 10 + i));
            writer.Commit();
        }
    }

    private string? Merging() => Directory.GetFiles(Path.Combine(_folder.Index, "segments"), ".writing-*.segment").FirstOrDefault();

    private int Segments() => Files().Count(file => file.EndsWith(".segment", StringComparison.Ordinal));

    private string[] Files() => [.. Directory.GetFiles(Path.Combine(_folder.Index, "segments")).Order()];
}
