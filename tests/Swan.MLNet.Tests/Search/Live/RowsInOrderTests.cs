using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

/// <summary>What the system expects of reads of an int8 index's float32 rows, as Linux shows it.</summary>
public sealed class RowsInOrderTests : IDisposable
{
    private const int Size = 64;

    private readonly LiveFolder _folder = new();

    public RowsInOrderTests()
    {
        using SwanLiveIndex index = _folder.Create(Size, SwanIndexScan.Int8);
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        for (int i = 0; i < 400; i++)
        {
            writer.Upsert($"{i}", LiveFolder.Row(i, Size));
            if (i % 200 == 199) writer.Commit();
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Searches_read_rows_here_and_there()
    {
        using SwanLiveIndex index = Open();
        Assert.Equal(["rr", "rr"], Expected());
        Assert.NotEmpty(index.Search(LiveFolder.Row(1, Size), 5));
        Assert.Equal(["rr", "rr"], Expected());
    }

    [Fact]
    public void A_float32_index_leaves_it_to_the_system()
    {
        Open().Dispose();
        Directory.Delete(_folder.Index, recursive: true);
        using SwanLiveIndex index = _folder.Create(Size);
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", LiveFolder.Row(1, Size));
            writer.Commit();
        }
        index.Verify();
        Assert.Empty(Expected());
    }

    [Fact]
    public void Whoever_reads_all_rows_reads_them_in_order()
    {
        using SwanLiveIndex index = Open();
        var seen = new List<string>();
        index.Verify(new Told(() => seen.AddRange(Expected())));
        Assert.Equal(["rr", "rr"], Expected());
        index.CopyTo(_folder.Path("copy"), new Told(() => seen.AddRange(Expected())));
        Assert.Equal(["rr", "rr"], Expected());
        Assert.Equal(2, seen.Distinct().Count());
        Assert.Contains("sr", seen);

        using SwanIndexSnapshot snapshot = index.Snapshot();
        foreach (SwanRow _ in snapshot.Rows().Take(100)) Assert.Equal(["rr", "sr"], Expected().Order(StringComparer.Ordinal));
        Assert.Equal(["rr", "rr"], Expected());

        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        SwanIndexReembedding reembedding = writer.BeginReembedding(new ModelIdentity("next", "f00"), 3);
        foreach (SwanRow _ in reembedding.Pending().Take(100)) Assert.Contains("sr", Expected());
        Assert.DoesNotContain("sr", Expected());
    }

    [Fact]
    public void The_last_pass_that_ends_leaves_rows_to_searches_again()
    {
        using SwanLiveIndex index = Open();
        using SwanIndexSnapshot snapshot = index.Snapshot();
        using (IEnumerator<SwanRow> rows = snapshot.Rows().GetEnumerator())
        {
            Assert.True(rows.MoveNext());
            index.Verify();
            Assert.Equal(["rr", "sr"], Expected().Order(StringComparer.Ordinal));
        }
        Assert.Equal(["rr", "rr"], Expected());
    }

    [Fact]
    public async Task Compaction_reads_rows_in_order()
    {
        using SwanLiveIndex index = Open();
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        bool isSeen = false;
        // A merge of files this small takes some milliseconds: another one, until a look falls within it.
        for (int round = 0; !isSeen; round++)
        {
            Assert.True(round < 2000, "No look fell within a merge, or its reads are not in order.");
            writer.Upsert("more", LiveFolder.Row(round, Size));
            writer.Commit();
            Task merging = Task.Run(() => writer.Compact());
            while (!merging.IsCompleted && !isSeen) isSeen = Expected().Contains("sr");
            await merging;
        }
        Assert.DoesNotContain("sr", Expected());
    }

    private SwanLiveIndex Open()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && File.Exists("/proc/self/smaps")
            && File.ReadAllText("/proc/self/smaps").Contains("VmFlags", StringComparison.Ordinal),
            "Only Linux tells what it expects of a mapping.");
        return _folder.Open();
    }

    // For each mapped part of a segment of which something is expected: rr, reads at random, or sr, reads in sequence.
    private string[] Expected()
    {
        var flags = new List<string>();
        bool isOurs = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            // A mapping's first line begins with its addresses.
            if (line.Split(' ')[0].Contains('-', StringComparison.Ordinal))
                isOurs = line.Contains(_folder.Index + "/segments/", StringComparison.Ordinal);
            if (isOurs && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                flags.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(flag => flag is "rr" or "sr"));
        }
        return [.. flags];
    }

    private sealed class Told(Action told) : IProgress<SwanIndexProgress>
    {
        public void Report(SwanIndexProgress value) => told();
    }
}
