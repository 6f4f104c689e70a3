using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class SwanLiveIndexTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SwanIndexScan.Float32)]
    [InlineData(SwanIndexScan.Int8)]
    public void Answers_are_those_of_an_index_in_memory(SwanIndexScan scan)
    {
        const int size = 37;
        using SwanLiveIndex index = _folder.Create(size, scan);
        using SwanIndexWriter writer = index.OpenWriter();
        for (int i = 0; i < 300; i++)
        {
            writer.Upsert($"{i}", LiveFolder.Row(i % 250, size));
            if (i % 70 == 0) writer.Commit();
        }
        for (int i = 0; i < 300; i += 3) writer.Remove($"{i}");
        writer.Commit();
        using SwanIndexSnapshot snapshot = index.Snapshot();
        SwanIndex memory = snapshot.ToSwanIndex(TestContext.Current.CancellationToken);
        Assert.Equal((200, 200), (index.Count, memory.Count));
        for (int q = 0; q < 20; q++)
        {
            float[] query = LiveFolder.Row(1000 + q, size);
            Assert.Equal(
                memory.Search(query, 50).Select(hit => (hit.Key, hit.Score)), index.Search(query, 50).Select(hit => (hit.Key, hit.Score)));
        }
    }

    [Fact]
    public void An_empty_index_answers_with_nothing()
    {
        using (SwanLiveIndex created = _folder.Create()) Assert.Empty(created.Search([1, 0, 0], 5));
        using SwanLiveIndex index = _folder.Open();
        Assert.Equal((0, 3, 1L), (index.Count, index.EmbeddingSize, index.Generation));
        Assert.Empty(index.SearchMany([1, 0, 0, 0, 1, 0], 5)[1]);
        Assert.False(index.Contains("a"));
        index.Verify();
    }

    [Fact]
    public void What_was_said_of_an_index_comes_back()
    {
        var settings = new SwanIndexSettings(4)
        {
            Model = new ModelIdentity("rsicd", "abc123"), Range = MLNet.Imaging.SampleRange.Values(0, 3000), Scan = SwanIndexScan.Int8,
            Columns = [new("date", SwanColumnType.Date), new("place", SwanColumnType.Point)],
        };
        SwanLiveIndex.Create(_folder.Index, settings).Dispose();
        using SwanLiveIndex index = _folder.Open();
        Assert.Equal((settings.Model, settings.Range), (index.Model, index.Range));
        Assert.Equal(settings.Columns, index.Columns);
    }

    [Fact]
    public void A_snapshot_stays_while_rows_come_and_go()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        writer.UpsertMany(["a", "b"], [1, 0, 0, 0, 1, 0]);
        writer.Commit();
        using SwanIndexSnapshot before = index.Snapshot();
        writer.Remove("a");
        writer.Upsert("b", [0, 0, 1]);
        writer.Upsert("c", [1, 0, 0]);
        writer.Commit();
        writer.Compact();
        Assert.Equal(["a", "b"], before.Keys());
        Assert.Equal("a", Assert.Single(before.Search([1, 0, 0], 1)).Key);
        Assert.Equal("c", Assert.Single(index.Search([1, 0, 0], 1)).Key);
        Assert.True(before.TryGet("b", out SwanRow? row));
        Assert.Equal([0, 1, 0], row.Embedding.ToArray());
        before.Dispose();
        Assert.Throws<ObjectDisposedException>(() => before.Count);
    }

    [Fact]
    public void Commits_of_another_object_are_seen_at_the_next_search()
    {
        using SwanLiveIndex writing = _folder.Create();
        using SwanLiveIndex index = _folder.Open();
        using SwanIndexWriter writer = writing.OpenWriter();
        for (int i = 0; i < 50; i++)
        {
            writer.Upsert("a", LiveFolder.Row(i));
            long generation = writer.Commit();
            Assert.Equal(generation, index.Generation);
            Assert.Equal(1, index.Search(LiveFolder.Row(i), 1)[0].Score, 1e-6f);
        }
    }

    [Fact]
    public void Without_an_interval_only_a_refresh_looks()
    {
        using SwanLiveIndex writing = _folder.Create();
        using var index = SwanLiveIndex.Open(_folder.Index, new() { RefreshInterval = Timeout.InfiniteTimeSpan });
        using SwanIndexWriter writer = writing.OpenWriter();
        writer.Upsert("a", [1, 0, 0]);
        writer.Commit();
        Assert.Equal(0, index.Count);
        Assert.True(index.Refresh());
        Assert.Equal(1, index.Count);
        Assert.False(index.Refresh());
    }

    [Fact]
    public void A_folder_may_be_moved_while_it_is_read()
    {
        using SwanLiveIndex index = _folder.Create();
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [1, 0, 0]);
            writer.Commit();
        }
        Directory.Move(_folder.Index, _folder.Path("elsewhere"));
        Assert.Equal("a", Assert.Single(index.Search([1, 0, 0], 1)).Key);
        Assert.ThrowsAny<IOException>(() => index.Refresh());
        using SwanLiveIndex moved = SwanLiveIndex.Open(_folder.Path("elsewhere"));
        Assert.Equal("a", Assert.Single(moved.Search([1, 0, 0], 1)).Key);
        moved.Verify();
    }

    [Fact]
    public void A_commit_after_the_folder_was_moved_is_refused()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        writer.Upsert("a", [1, 0, 0]);
        writer.Commit();
        writer.Upsert("b", [0, 1, 0]);
        Directory.Move(_folder.Index, _folder.Path("elsewhere"));
        Assert.Contains("was moved", Assert.ThrowsAny<IOException>(() => writer.Commit()).Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_folder.Index));
        // Another index may be in its place, to which the writer must do nothing.
        using (SwanLiveIndex other = _folder.Create())
        {
            using (SwanIndexWriter its = other.OpenWriter())
            {
                its.Upsert("c", [0, 0, 1]);
                its.Commit();
            }
            Assert.ThrowsAny<IOException>(() => writer.Commit());
            other.Verify();
            Assert.Equal(1, other.Count);
        }
        Directory.Move(_folder.Index, _folder.Path("other"));
        Directory.Move(_folder.Path("elsewhere"), _folder.Index);
        writer.Commit();
        using SwanLiveIndex again = _folder.Open();
        again.Verify();
        Assert.Equal(2, again.Count);
    }

    [Fact]
    public void A_writer_of_a_moved_folder_removes_nothing_of_another_index()
    {
        using SwanLiveIndex index = _folder.Create();
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            Directory.Move(_folder.Index, _folder.Path("elsewhere"));
            using SwanLiveIndex other = _folder.Create();
            using SwanIndexWriter its = other.OpenWriter();
            its.Upsert("a", [1, 0, 0]);
            its.Commit();
        }
        using SwanLiveIndex again = _folder.Open();
        again.Verify();
        Assert.Equal(1, again.Count);
    }

    [Fact]
    public void An_index_that_lost_its_manifest_is_not_made_anew()
    {
        using (SwanLiveIndex index = _folder.Create())
        {
            using SwanIndexWriter writer = index.OpenWriter();
            writer.Upsert("a", [1, 0, 0]);
            writer.Commit();
        }
        File.Move(Path.Combine(_folder.Index, "manifest.json"), _folder.Path("manifest"));
        Assert.Contains("lost its manifest", Assert.Throws<IOException>(() => _folder.Create()).Message, StringComparison.Ordinal);
        File.Move(_folder.Path("manifest"), Path.Combine(_folder.Index, "manifest.json"));
        using SwanLiveIndex again = _folder.Open();
        again.Verify();
        Assert.Equal(1, again.Count);
    }

    [Fact]
    public void A_manifest_is_later_than_the_one_it_replaces()
    {
        string manifest = Path.Combine(_folder.Index, "manifest.json");
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        // A whole second: a file system may keep no others.
        DateTime ahead = new(DateTime.UtcNow.Year + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (int i = 0; i < 3; i++)
        {
            File.SetLastWriteTimeUtc(manifest, ahead);
            writer.Upsert("a", LiveFolder.Row(i));
            writer.Commit();
            Assert.True(File.GetLastWriteTimeUtc(manifest) > ahead);
        }
    }

    [Fact]
    public void A_folder_without_an_index_is_named()
    {
        Directory.CreateDirectory(_folder.Index);
        Assert.Contains(_folder.Index, Assert.Throws<FileNotFoundException>(() => _folder.Open()).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => SwanLiveIndex.Open(_folder.Path("nowhere")));
        File.WriteAllText(_folder.Path("file"), "");
        Assert.Contains(
            "is a file", Assert.Throws<FileNotFoundException>(() => SwanLiveIndex.Open(_folder.Path("file"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_is_not_made_over_another_one()
    {
        _folder.Create().Dispose();
        Assert.Contains("Open it", Assert.Throws<IOException>(() => _folder.Create()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_cannot_be_are_reported_together()
    {
        var column = new SwanColumn("a", SwanColumnType.Text);
        string message = Assert.Throws<ArgumentException>(() => SwanLiveIndex.Create(
            _folder.Index, new SwanIndexSettings(0) { Scan = (SwanIndexScan)7, Columns = [column, column] })).Message;
        Assert.All(["EmbeddingSize is 0", "Scan is 7", "'a' twice"], part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder.Index));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => SwanLiveIndex.Open(_folder.Index, new() { RefreshInterval = TimeSpan.FromSeconds(-5) }));
    }

    [Fact]
    public void Disposed_indexes_say_so()
    {
        SwanLiveIndex index = _folder.Create();
        SwanIndexWriter writer = index.OpenWriter();
        index.Dispose();
        Assert.Throws<ObjectDisposedException>(() => index.Search([1, 0, 0], 1));
        // The writer goes on without it.
        writer.Upsert("a", [1, 0, 0]);
        writer.Commit();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Commit());
        using SwanLiveIndex again = _folder.Open();
        Assert.Equal(1, again.Count);
    }
}
