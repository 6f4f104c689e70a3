using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class SwanIndexWriterTests : IDisposable
{
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_is_seen_before_a_commit_and_nothing_stays_without_one()
    {
        using SwanLiveIndex index = _folder.Create();
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            writer.Upsert("a", [1, 0, 0]);
            writer.Commit();
            writer.Upsert("b", [0, 1, 0]);
            writer.Remove("a");
            Assert.Equal((1L, true, false), (writer.Count, writer.Contains("b"), writer.Contains("a")));
            Assert.Equal(1, index.Count);
            Assert.True(index.Contains("a"));
        }
        using SwanLiveIndex again = _folder.Open();
        Assert.Equal("a", Assert.Single(again.Search([0, 1, 0], 5)).Key);
    }

    [Fact]
    public void The_last_row_of_a_key_in_a_batch_stays()
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        SwanIndexChanges changes = writer.UpsertMany(["a", "b", "a"], [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        writer.Commit();
        Assert.Equal(new SwanIndexChanges(2, 1, 0, 0), changes);
        Assert.Equal(2, index.Count);
        Assert.True(index.TryGet("a", out SwanRow? row));
        Assert.Equal([0, 0, 1], row.Embedding.ToArray());
    }

    [Fact]
    public void The_same_rows_again_write_nothing()
    {
        using SwanLiveIndex index = _folder.Create(3, SwanIndexScan.Float32, new SwanColumn("n", SwanColumnType.Number));
        using SwanIndexWriter writer = index.OpenWriter();
        string[] keys = [.. Enumerable.Range(0, 20).Select(i => $"{i}")];
        // Not of unit length: what is stored isn't what is given.
        float[] rows = [.. Enumerable.Range(0, 60).Select(i => (float)(i % 7) + 1)];
        Dictionary<string, object?>[] values = [.. keys.Select((_, i) => new Dictionary<string, object?> { ["n"] = i })];
        Assert.Equal(new SwanIndexChanges(20, 0, 0, 0), writer.UpsertMany(keys, rows, values));
        long generation = writer.Commit();
        string[] files = Directory.GetFiles(_folder.Index, "*", SearchOption.AllDirectories);
        Assert.Equal(new SwanIndexChanges(0, 0, 20, 0), writer.UpsertMany(keys, rows, values));
        Assert.Equal(generation, writer.Commit());
        Assert.Equal(files, Directory.GetFiles(_folder.Index, "*", SearchOption.AllDirectories));
        values[3]["n"] = null;
        Assert.Equal(new SwanIndexChanges(0, 1, 19, 0), writer.UpsertMany(keys, rows, values));
        Assert.Equal(generation + 1, writer.Commit());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(0)]
    public void A_row_without_direction_is_skipped_and_leaves_the_former(float value)
    {
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        writer.Upsert("a", [1, 0, 0]);
        Assert.Equal(SwanRowChange.Skipped, writer.Upsert("a", [0, value, 0]));
        Assert.Equal(SwanRowChange.Skipped, writer.Upsert("b", [0, value, 0]));
        writer.Commit();
        Assert.Equal((2L, 1), (writer.SkippedRows, index.Count));
        Assert.True(index.TryGet("a", out SwanRow? row));
        Assert.Equal([1, 0, 0], row.Embedding.ToArray());
    }

    [Fact]
    public void Keys_may_be_long_and_in_any_script()
    {
        string[] keys = ["ключ", "鍵/🔑.tif", new string('k', 65_536), " ", "a\nb", "é", "e\u0301"];
        using (SwanLiveIndex index = _folder.Create())
        {
            using SwanIndexWriter writer = index.OpenWriter();
            foreach (string key in keys) Assert.Equal(SwanRowChange.Added, writer.Upsert(key, LiveFolder.Row(key.Length)));
            writer.Commit();
        }
        using SwanLiveIndex again = _folder.Open();
        again.Verify();
        using SwanIndexSnapshot snapshot = again.Snapshot();
        Assert.Equal(keys, snapshot.Keys());
        Assert.All(keys, key => Assert.True(snapshot.TryGet(key, out SwanRow? row) && row.Key == key));
    }

    [Theory]
    [InlineData(false, "is empty")]
    [InlineData(true, "surrogate")]
    public void A_key_that_cannot_be_one_is_refused(bool half, string expected)
    {
        string key = half ? "\ud800" : "";
        using SwanLiveIndex index = _folder.Create();
        using SwanIndexWriter writer = index.OpenWriter();
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => writer.Upsert(key, [1, 0, 0])).Message, StringComparison.Ordinal);
        string message = Assert.Throws<ArgumentException>(() => writer.UpsertMany(["a", key], [1, 0, 0, 0, 1, 0])).Message;
        Assert.Contains("key of row 1 ", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => writer.Upsert(new string('ä', 32_769), [1, 0, 0]));
        // A batch with one of them is refused whole.
        Assert.Equal(0, writer.Count);
        Assert.False(index.Contains(key));
    }

    [Fact]
    public void Wrong_lengths_and_columns_are_refused_with_what_was_expected()
    {
        using SwanLiveIndex index = _folder.Create(3, SwanIndexScan.Float32, new SwanColumn("n", SwanColumnType.Number));
        using SwanIndexWriter writer = index.OpenWriter();
        Assert.Contains("holds embeddings of 3", Message(() => writer.Upsert("a", [1, 0])), StringComparison.Ordinal);
        Assert.Contains("3 values for each key", Message(() => writer.UpsertMany(["a"], [1, 0])), StringComparison.Ordinal);
        Assert.Contains(
            "no column 'm'. It has 'n'", Message(() => writer.Upsert("a", [1, 0, 0], Values("m", 1))), StringComparison.Ordinal);
        Assert.Equal("The column 'n' can't hold this value: it is a text (String), but the column's type is number, which takes any of "
            + ".NET's numbers. (Parameter 'values')", Message(() => writer.Upsert("a", [1, 0, 0], Values("n", "text"))));
        Assert.Contains("Row 1: ", Message(() => writer.UpsertMany(
            ["a", "b"], [1, 0, 0, 1, 0, 0], [Values("n", 1), Values("n", "text")])), StringComparison.Ordinal);
        Assert.Equal(0, writer.Count);

        static Dictionary<string, object?> Values(string name, object value) => new() { [name] = value };
        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }

    [Fact]
    public void Values_change_without_the_embedding_and_stay_with_it()
    {
        using SwanLiveIndex index = _folder.Create(
            3, SwanIndexScan.Float32, new SwanColumn("n", SwanColumnType.Number), new SwanColumn("t", SwanColumnType.Text));
        using SwanIndexWriter writer = index.OpenWriter();
        writer.Upsert("a", [1, 0, 0], new Dictionary<string, object?> { ["n"] = 1, ["t"] = "one" });
        writer.Commit();
        Assert.Equal(SwanRowChange.Missing, writer.SetValues("b", new Dictionary<string, object?>()));
        Assert.Equal(SwanRowChange.Unchanged, writer.SetValues("a", new Dictionary<string, object?> { ["n"] = 1 }));
        Assert.Equal(SwanRowChange.Replaced, writer.SetValues("a", new Dictionary<string, object?> { ["n"] = null }));
        writer.Commit();
        Assert.True(index.TryGet("a", out SwanRow? row));
        Assert.Equal([1, 0, 0], row.Embedding.ToArray());
        Assert.Equal([null, "one"], [row.Values["n"], row.Values["t"]]);
    }

    [Fact]
    public void A_column_that_comes_later_is_missing_in_older_rows()
    {
        var late = new SwanColumn("late", SwanColumnType.Boolean);
        using (SwanLiveIndex index = _folder.Create())
        {
            using SwanIndexWriter writer = index.OpenWriter();
            writer.Upsert("old", [1, 0, 0]);
            writer.Commit();
            writer.Upsert("buffered", [0, 0, 1]);
            Assert.True(writer.AddColumn(late));
            Assert.False(writer.AddColumn(late));
            Assert.Throws<ArgumentException>(() => writer.AddColumn(new SwanColumn("late", SwanColumnType.Text)));
            Assert.Empty(index.Columns);
            writer.Upsert("new", [0, 1, 0], new Dictionary<string, object?> { ["late"] = true });
            writer.SetValues("old", new Dictionary<string, object?> { ["late"] = false });
            writer.Commit();
            writer.Compact();
        }
        using SwanLiveIndex again = _folder.Open();
        Assert.Equal([late], again.Columns);
        Assert.Equal([false, null, true], ((string[])["old", "buffered", "new"]).Select(key =>
            again.TryGet(key, out SwanRow? row) ? row.Values["late"] : "none"));
    }

    [Fact]
    public void More_rows_than_the_buffer_holds_count_from_the_commit_on()
    {
        const int size = 256, rows = 3000;
        using SwanLiveIndex index = _folder.Create(size);
        using (SwanIndexWriter writer = index.OpenWriter(new() { BufferBytes = 1 << 20 }))
        {
            for (int i = 0; i < rows; i++) writer.Upsert($"{i}", LiveFolder.Row(i, size));
            Assert.True(Directory.GetFiles(Path.Combine(_folder.Index, "segments")).Length > 1);
            Assert.Equal(0, index.Count);
            // Rows in files that don't count yet can be replaced and removed.
            Assert.Equal(SwanRowChange.Unchanged, writer.Upsert("0", LiveFolder.Row(0, size)));
            Assert.True(writer.Remove("1"));
            writer.Commit();
            Assert.Equal(rows - 1, index.Count);
        }
        using (SwanIndexWriter writer = index.OpenWriter(new() { BufferBytes = 1 << 20 }))
            for (int i = 0; i < rows; i++) writer.Upsert($"lost {i}", LiveFolder.Row(i, size));
        index.Verify();
        using SwanLiveIndex again = _folder.Open();
        Assert.Equal(rows - 1, again.Count);
        Assert.Equal(Named(), Directory.GetFiles(Path.Combine(_folder.Index, "segments")).Select(Path.GetFileName).Order());

        IEnumerable<string> Named() => Directory.GetFiles(Path.Combine(_folder.Index, "segments")).Select(Path.GetFileName).OfType<string>()
            .Where(name => File.ReadAllText(Path.Combine(_folder.Index, "manifest.json")).Contains(name, StringComparison.Ordinal)).Order();
    }

    [Fact]
    public void An_index_file_of_today_comes_in_with_keys_made_unique()
    {
        SwanIndex file = SwanIndex.Build([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0], 3, ["a", "a", "a#2", "a"],
            new ModelIdentity("m", "1"), TestContext.Current.CancellationToken);
        file.Save(_folder.Path("old.swanindex"));
        SwanIndex old = SwanIndex.Load(_folder.Path("old.swanindex"));
        using var index = SwanLiveIndex.Create(_folder.Index, SwanIndexSettings.For(old));
        using SwanIndexWriter writer = index.OpenWriter();
        string message = Assert.Throws<ArgumentException>(() => writer.Import(old)).Message;
        Assert.Contains("Rows 0 and 1 have the same key, 'a'", message, StringComparison.Ordinal);
        Assert.Equal(0, writer.Count);
        Assert.Equal(4, writer.Import(old, SwanDuplicateKeys.Number).Added);
        Assert.Equal(4, writer.Import(old, SwanDuplicateKeys.Number).Unchanged);
        writer.Commit();
        using SwanIndexSnapshot snapshot = index.Snapshot();
        Assert.Equal(["a", "a#3", "a#2", "a#4"], snapshot.Keys());
        Assert.Equal(new ModelIdentity("m", "1"), snapshot.Model);
        Assert.Equal(old.Gallery.ToArray(), snapshot.ToSwanIndex(TestContext.Current.CancellationToken).Gallery.ToArray());
        Assert.Throws<SwanMismatchException>(() => writer.Import(old.ForModel(new ModelIdentity("m", "2"))));
        writer.Import(old, SwanDuplicateKeys.KeepLast);
        Assert.Equal([1, 1], writer.Find("a")!.Embedding[..2].ToArray().Select(value => MathF.Round(value * MathF.Sqrt(2))));
    }
}
