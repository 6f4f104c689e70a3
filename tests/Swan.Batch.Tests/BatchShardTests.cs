
namespace Swan.Batch.Tests;

public sealed class BatchShardTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_that_start_together_on_a_folder_share_its_images_without_overlap()
    {
        string[] names = _folder.Draw(31);
        string[] job = ["--model", _folder.Model, "--images", _folder.Images, "--out", _folder.Out, "--chunk", "4"];
        BatchProcess[] shards =
        [
            BatchProcess.Start([.. job, "--shard", "0/3"]),
            BatchProcess.Start([.. job, "--shard", "1/3"]),
            BatchProcess.Start(new Dictionary<string, string> { ["JOB_COMPLETION_INDEX"] = "2" }, [.. job, "--shards", "3"]),
        ];
        foreach (BatchProcess shard in shards)
        {
            using (shard) shard.Ended().MustBe(0);
        }

        List<EmbeddedImage> rows = _folder.Rows();
        Assert.Equal(names, rows.OrderBy(r => r.Row).Select(r => r.Image));
        Assert.Equal(Enumerable.Range(0, 31).Select(i => (long)i), rows.Select(r => r.Row).Order());
        Assert.Equal(
            ["00000-of-00003", "00001-of-00003", "00002-of-00003"], _folder.Chunks.Select(c => Path.GetFileName(c)[6..20]).Distinct());
        Assert.Single(Directory.GetFiles(_folder.Out, "images-*.txt"));
        Assert.Empty(_folder.Temporaries);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 10)]
    [InlineData(7, 7)]
    [InlineData(8, 3)] // more shards than rows
    public void Each_row_belongs_to_one_shard(int count, long rows)
    {
        Shard[] shards = [.. Enumerable.Range(0, count).Select(i => new Shard(i, count))];
        for (long row = 0; row < rows; row++) Assert.Single(shards, s => s.Takes(row));
        Assert.All(shards, s => Assert.Equal(Enumerable.Range(0, (int)rows).Count(r => s.Takes(r)), s.CountRows(rows)));
    }

    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("7/8", 7, 8)]
    public void A_shard_is_read_as_index_and_count(string text, int index, int count)
    {
        Assert.Equal(new Shard(index, count), Shard.Parse(text));
        Assert.Equal(text, new Shard(index, count).ToString());
    }

    [Theory]
    [InlineData("8/8")]
    [InlineData("1")]
    [InlineData("-1/8")]
    [InlineData("0/0")]
    [InlineData("a/b")]
    [InlineData("0/100000")]
    public void A_text_that_is_no_shard_is_refused(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => Shard.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_pods_of_an_indexed_job_are_its_shards() => Assert.Equal(new Shard(5, 8), Shard.FromEnvironment(8, "5"));

    [Theory]
    [InlineData(8, null)]
    [InlineData(8, "8")]
    [InlineData(8, "x")]
    [InlineData(0, "0")]
    public void An_environment_that_names_no_shard_is_refused(int shards, string? index)
    {
        var refused = Assert.Throws<FormatException>(() => Shard.FromEnvironment(shards, index));
        Assert.Contains(Shard.IndexVariable, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_can_not_be_is_not_made() => Assert.Throws<ArgumentOutOfRangeException>(() => new Shard(2, 2));
}
