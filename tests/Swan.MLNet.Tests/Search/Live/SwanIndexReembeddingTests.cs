using Swan.MLNet.Metadata;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search.Live;

public sealed class SwanIndexReembeddingTests : IDisposable
{
    private static readonly ModelIdentity s_old = new("old", "1"), s_new = new("new", "2");
    private readonly LiveFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_old_model_answers_until_the_new_one_has_all_rows()
    {
        using SwanLiveIndex index = Filled(10);
        using SwanIndexWriter writer = index.OpenWriter();
        SwanIndexReembedding reembedding = writer.BeginReembedding(s_new, 4);
        Assert.Same(reembedding, writer.BeginReembedding(s_new, 4));
        Assert.Throws<InvalidOperationException>(() => writer.BeginReembedding(s_new, 5));
        foreach (SwanRow row in reembedding.Pending().Take(4).ToArray()) reembedding.Add(row.Key, New(row.Key));
        writer.Commit();
        Assert.Equal(new SwanIndexProgress(4, 10), reembedding.Progress);
        Assert.Equal((s_old, 3, 10), (index.Model, index.EmbeddingSize, index.Count));
        string message = Assert.Throws<InvalidOperationException>(() => reembedding.Complete()).Message;
        Assert.Contains("6 rows of 10 have no embedding of 'new'", message, StringComparison.Ordinal);
        foreach (SwanRow row in reembedding.Pending().ToArray()) reembedding.Add(row.Key, New(row.Key));
        using SwanIndexSnapshot before = index.Snapshot();
        reembedding.Complete();
        Assert.Equal((s_new, 4, 10), (index.Model, index.EmbeddingSize, index.Count));
        Assert.Equal((s_old, 3, 10), (before.Model, before.EmbeddingSize, before.Count));
        Assert.Null(writer.Reembedding);
        Assert.Throws<InvalidOperationException>(() => reembedding.Progress);
        Assert.True(index.TryGet("3", out SwanRow? found));
        Assert.Equal(New("3"), found.Embedding.ToArray());
        Assert.Equal(3.0, found.Values["n"]);
        index.Verify();
    }

    [Fact]
    public void Another_writer_goes_on_where_one_was_ended()
    {
        using SwanLiveIndex index = Filled(10);
        using (SwanIndexWriter writer = index.OpenWriter())
        {
            SwanIndexReembedding reembedding = writer.BeginReembedding(s_new, 4);
            foreach (SwanRow row in reembedding.Pending().Take(4).ToArray()) reembedding.Add(row.Key, New(row.Key));
            writer.Commit();
            reembedding.Add("9", New("9"));
        }
        using SwanIndexWriter next = index.OpenWriter();
        Assert.Equal((s_new, 4), (next.Reembedding!.Model, next.Reembedding.EmbeddingSize));
        Assert.Equal(new SwanIndexProgress(4, 10), next.Reembedding.Progress);
        foreach (SwanRow row in next.Reembedding.Pending().ToArray()) next.Reembedding.Add(row.Key, New(row.Key));
        next.Reembedding.Complete();
        Assert.Equal(s_new, index.Model);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_reembedding_is_found_and_can_be_abandoned(bool missing)
    {
        using SwanLiveIndex index = Filled(10);
        string segments = Path.Combine(_folder.Index, "segments");
        string[] before = Directory.GetFiles(segments);
        using (SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false }))
        {
            SwanIndexReembedding reembedding = writer.BeginReembedding(s_new, 4);
            foreach (SwanRow row in reembedding.Pending().ToArray()) reembedding.Add(row.Key, New(row.Key));
            writer.Commit();
        }
        index.Verify();
        string file = Assert.Single(Directory.GetFiles(segments).Except(before));
        if (missing) File.Delete(file);
        else File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        Assert.Contains(
            Path.GetFileName(file), Assert.Throws<SwanFormatException>(() => index.Verify()).Message, StringComparison.Ordinal);
        using (SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false }))
        {
            Assert.Equal(s_new, writer.Reembedding!.Model);
            writer.Upsert("0", [0, 0, 1]);
            foreach (Action refused in (Action[])
            [
                () => writer.Commit(), () => writer.Reembedding.Complete(), () => writer.Reembedding.Pending().ToArray(),
                () => writer.BeginReembedding(s_new, 4), () => writer.Reembedding.Add("0", New("0")),
            ])
            {
                Assert.Contains("Abandon", Assert.Throws<SwanFormatException>(refused).Message, StringComparison.Ordinal);
            }
            writer.Reembedding.Abandon();
            writer.Commit();
            Assert.Null(writer.Reembedding);
        }
        index.Verify();
        Assert.Equal((s_old, 10), (index.Model, index.Count));
        Assert.True(index.TryGet("0", out SwanRow? changed));
        Assert.Equal([0, 0, 1], changed.Embedding.ToArray());
    }

    [Fact]
    public void Rows_that_change_meanwhile_are_pending_again()
    {
        using SwanLiveIndex index = Filled(3);
        using SwanIndexWriter writer = index.OpenWriter();
        SwanIndexReembedding reembedding = writer.BeginReembedding(s_new, 4);
        foreach (SwanRow row in reembedding.Pending().ToArray()) reembedding.Add(row.Key, New(row.Key));
        writer.Commit();
        writer.Upsert("0", [0, 0, 1]);
        writer.Upsert("added", [0, 0, 1]);
        writer.Remove("1");
        writer.SetValues("2", new Dictionary<string, object?> { ["n"] = 22 });
        Assert.Equal(["0", "added"], reembedding.Pending().Select(row => row.Key).Order());
        Assert.False(reembedding.Add("1", New("1")));
        Assert.Throws<ArgumentException>(() => reembedding.Add("0", [float.NaN, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => reembedding.Add("0", [1, 0, 0]));
        reembedding.Complete(dropPending: true);
        using SwanIndexSnapshot snapshot = index.Snapshot();
        SwanRow kept = Assert.Single(snapshot.Rows());
        Assert.Equal(("2", 22.0), (kept.Key, kept.Values["n"]));
        Assert.Equal(New("2"), kept.Embedding.ToArray());
    }

    [Fact]
    public void What_is_abandoned_leaves_no_files()
    {
        using SwanLiveIndex index = Filled(3);
        using SwanIndexWriter writer = index.OpenWriter();
        string[] before = Files();
        SwanIndexReembedding reembedding = writer.BeginReembedding(s_new, 4);
        reembedding.Add("0", New("0"));
        writer.Commit();
        Assert.NotEqual(before, Files());
        reembedding.Abandon();
        writer.Commit();
        Assert.Equal(before, Files());
        Assert.Throws<InvalidOperationException>(() => reembedding.Pending().ToArray());
        Assert.Equal(s_old, index.Model);
    }

    private SwanLiveIndex Filled(int rows)
    {
        var index = SwanLiveIndex.Create(
            _folder.Index, new SwanIndexSettings(3) { Model = s_old, Columns = [new("n", SwanColumnType.Number)] });
        using SwanIndexWriter writer = index.OpenWriter();
        for (int i = 0; i < rows; i++) writer.Upsert($"{i}", LiveFolder.Row(i), new Dictionary<string, object?> { ["n"] = i });
        writer.Commit();
        return index;
    }

    private static float[] New(string key) => LiveFolder.Row(500 + key[0], 4);

    private string[] Files() => [.. Directory.GetFiles(Path.Combine(_folder.Index, "segments")).Order()];
}
