
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
        Assert.Equal(["00000-of-00003", "00001-of-00003", "00002-of-00003"], _folder.Chunks.Select(c => Path.GetFileName(c)[6..20]).Distinct());
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
        Assert.All(shards, s => Assert.Equal(Enumerable.Range(0, (int)rows).Count(r => s.Takes(r)), s.Rows(rows)));
    }

    [Theory]
    [InlineData("0/1", null, null, 0, 1)]
    [InlineData("7/8", null, null, 7, 8)]
    [InlineData("1/8", null, "5", 1, 8)] // what is said wins over the environment
    [InlineData(null, 8, "5", 5, 8)]
    [InlineData(null, null, "5", 0, 1)] // a pod of an indexed job that isn't sharded
    public void A_shard_is_counted_from_0_as_Kubernetes_does(string? shard, int? shards, string? environment, int index, int count) =>
        Assert.Equal(new Shard(index, count), Shard.Parse(shard, shards, environment));

    [Theory]
    [InlineData("8/8", null, null)]
    [InlineData("1", null, null)]
    [InlineData("-1/8", null, null)]
    [InlineData("0/0", null, null)]
    [InlineData("a/b", null, null)]
    [InlineData("0/8", 8, "0")]
    [InlineData(null, 8, null)]
    [InlineData(null, 8, "8")]
    [InlineData(null, 8, "x")]
    [InlineData(null, 0, "0")]
    public void What_is_no_shard_is_refused(string? shard, int? shards, string? environment) =>
        Assert.Throws<UnusableException>(() => Shard.Parse(shard, shards, environment));
}
