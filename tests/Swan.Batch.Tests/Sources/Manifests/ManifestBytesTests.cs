using Parquet;
using Parquet.Schema;
using Swan.Batch.Sources;

namespace Swan.Batch.Tests.Sources;

/// <summary>Manifests that hold images.</summary>
public sealed class ManifestBytesTests : IDisposable
{
    private readonly ManifestFolder _manifests = new();

    public void Dispose() => _manifests.Dispose();

    [Fact]
    public async Task Images_may_be_in_a_column_of_Parquet_and_each_row_group_is_read_once()
    {
        string manifest = await _manifests.BytesAsync([("c", 1, "x"), ("a", 2, "y"), ("e", -1, "n")], [("d", 3, "z"), ("b", 2, "y")]);
        var store = new WatchedStore(Path.GetDirectoryName(manifest)!);
        using ManifestSource source = await ManifestSource.OpenAsync(store, Path.GetFileName(manifest), cancellationToken: Token);
        BatchReport report = await Folder.RunAsync(o => (o.Source, o.Shards) = (source, 2));
        Assert.Equal((5, 1), (report.Rows, report.BadRows["Empty"]));
        List<JobRow> rows = await Folder.RowsAsync(["label"]);
        Assert.Equal(["a", "b", "c", "d", "e"], rows.Select(r => r.Image));
        Assert.Equal(rows[0].Embedding, rows[1].Embedding);
        Assert.Equal([["y"], ["y"], ["x"], ["z"]], await _manifests.KeptAsync("label"));
        Assert.Equal(1, (await Folder.RunAsync(o => o.Source = source)).Run);
        int[] seeds = [2, 2, 1, 3];
        for (int i = 0; i < 4; i++)
        {
            byte[] image = MadePictures.Of(seeds[i]);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image)), rows[i].Hash);
        }
    }

    [Fact]
    public async Task Images_may_be_in_a_structure_as_data_sets_of_Hugging_Face_have_them()
    {
        var bytes = new DataField<byte[]>("bytes", nullable: true);
        var path = new DataField<string>("path", nullable: true);
        var label = new DataField<long>("label");
        string manifest = Folder.File("manifest.parquet");
        await using (FileStream file = File.Create(manifest))
        await using (ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(new StructField("image", bytes, path), label), file))
        {
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            await group.WriteAsync(bytes, (byte[][])[MadePictures.Of(1), MadePictures.Of(2)]);
            await group.WriteAsync(path, (string[])["b.png", "a.png"]);
            await group.WriteAsync<long>(label, new[] { 5L, 6L });
        }
        BatchReport report = await _manifests.RunAsync(manifest, new ManifestColumns { Bytes = "image.bytes", Key = "image.path" });
        Assert.Equal((2, 0), (report.Rows, report.BadRows.Count));
        Assert.Equal(["a.png", "b.png"], (await Folder.RowsAsync(["label"])).Select(r => r.Image));
    }

    [Fact]
    public async Task A_manifest_with_bytes_that_changes_between_plan_and_work_gives_no_wrong_rows()
    {
        string manifest = await _manifests.BytesAsync([("a", 1, "x"), ("b", 2, "y")]);
        using (ManifestSource source = await _manifests.OpenAsync(manifest))
            await Folder.Job(o => o.Source = source).PlanAsync(cancellationToken: Token);
        DateTime time = File.GetLastWriteTimeUtc(manifest);
        await _manifests.BytesAsync([("b", 3, "y"), ("a", 4, "x")]);
        File.SetLastWriteTimeUtc(manifest, time.AddSeconds(1));
        using ManifestSource then = await _manifests.OpenAsync(manifest);
        BatchReport report = await Folder.RunAsync(o => o.Source = then);
        Assert.Equal(2, report.BadRows["Missing"]);
        Assert.All(Folder.BadRows(), bad => Assert.Contains("was replaced", bad.Message, StringComparison.Ordinal));
        report = await Folder.RunAsync(o => o.Source = then);
        Assert.Equal((2, 2, 0), (report.Run, report.Rows, report.BadRows.Count));
        string Hash(int seed) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(MadePictures.Of(seed)));
        Assert.Equal([Hash(4), Hash(3)], (await Folder.RowsAsync(["label"])).Select(r => r.Hash));
    }

    [Fact]
    public async Task Keys_with_other_bytes_are_an_error_and_with_the_same_are_one_image()
    {
        using (ManifestSource same = await _manifests.OpenAsync(await _manifests.BytesAsync([("a", 1, "x"), ("a", 1, "x")])))
            Assert.Equal(1, (await Folder.RunAsync(o => o.Source = same)).Rows);
        using ManifestSource other = await _manifests.OpenAsync(await _manifests.BytesAsync([("a", 1, "x")], [("a", 2, "x")]));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(
            () => Folder.RunAsync(o => (o.Source, o.Output) = (other, Folder.File("other"))));
        Assert.Contains("differ in the column 'bytes'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task About_as_many_bytes_are_told_of_images_as_they_have()
    {
        string manifest = await _manifests.BytesAsync(
            [.. Enumerable.Range(0, 20).Select(i => ($"{i:D2}", i, "x"))], [.. Enumerable.Range(20, 10).Select(i => ($"{i}", i, "y"))]);
        using ManifestSource source = await _manifests.OpenAsync(manifest);
        long told = await source.ListAsync(Token).Select(image => image.Size!.Value).SumAsync(Token);
        long bytes = Enumerable.Range(0, 30).Sum(i => (long)MadePictures.Of(i).Length);
        Assert.InRange(told, 0.95 * bytes, 1.05 * bytes);
        BatchPlan plan = (await Folder.Job(o => (o.Source, o.SampleSize) = (source, 100)).PreviewAsync(cancellationToken: Token))!;
        Assert.InRange(plan.Estimate!.BytesRead, 0.95 * bytes, 1.1 * bytes);
    }

    [Fact]
    public async Task Shards_that_read_the_same_row_groups_are_in_the_estimate()
    {
        // Each shard of the keys has images in all row groups.
        string manifest = await _manifests.BytesAsync(
            [.. Enumerable.Range(0, 5).Select(g => Enumerable.Range(0, 6).Select(i => ($"{i}{g}", 6 * g + i, "x")).ToArray())]);
        using ManifestSource source = await _manifests.OpenAsync(manifest);
        BatchPlan one = (await JobOf(1).PreviewAsync(cancellationToken: Token))!;
        BatchPlan three = (await JobOf(3).PreviewAsync(cancellationToken: Token))!;
        Assert.Equal(3 * one.Estimate!.BytesRead, three.Estimate!.BytesRead);

        BatchJob JobOf(int shards) => Folder.Job(o => (o.Source, o.SampleSize, o.Shards) = (source, 100, shards));
    }

    [Fact]
    public async Task Rows_whose_values_alone_have_changed_read_no_row_group()
    {
        using (ManifestSource before = await _manifests.OpenAsync(await _manifests.BytesAsync([("a", 1, "x"), ("b", 2, "x")])))
            await Folder.RunAsync(o => o.Source = before);
        DateTime time = File.GetLastWriteTimeUtc(Folder.File("manifest.parquet"));
        // Of the same size and time.
        string manifest = await _manifests.BytesAsync([("a", 1, "y"), ("b", 2, "y")]);
        File.SetLastWriteTimeUtc(manifest, time);
        using ManifestSource source = await _manifests.OpenAsync(manifest);
        BatchPlan plan = (await Folder.Job(o => (o.Source, o.SampleSize) = (source, 100)).PreviewAsync(cancellationToken: Token))!;
        Assert.Equal((2, 2, 0), (plan.Changed, plan.Estimate!.RowsReused, plan.Estimate.BytesRead));
    }

    [Fact]
    public async Task An_estimate_reads_few_row_groups()
    {
        string manifest = await _manifests.BytesAsync(
            [.. Enumerable.Range(0, 40).Select(g => Enumerable.Range(0, 8).Select(i => ($"{g:D2}-{i}", 8 * g + i, "x")).ToArray())]);
        var store = new WatchedStore(Path.GetDirectoryName(manifest)!);
        using ManifestSource source = await ManifestSource.OpenAsync(store, Path.GetFileName(manifest), cancellationToken: Token);
        await Folder.Job(o => (o.Source, o.SampleSize) = (source, 0)).PreviewAsync(cancellationToken: Token);
        int listed = store.Opened.Count;
        store.Opened.Clear();
        BatchPlan plan = (await Folder.Job(o => (o.Source, o.SampleSize) = (source, 500)).PreviewAsync(cancellationToken: Token))!;
        Assert.Equal(320, plan.Rows);
        Assert.InRange(plan.Estimate!.Images, 16, 32);
        // They are of one size or two, each from two row groups at most, and the file is opened once more.
        Assert.InRange(store.Opened.Count - listed, 1, 16);
    }

    [Fact]
    public async Task Row_groups_that_come_in_order_are_read_once_and_let_go()
    {
        using ManifestBytes bytes = await OpenAsync(groups: 8, room: 3);
        long most = 0, size = 0;
        for (int i = 0; i < 32; i++)
        {
            byte[] read = await ReadAsync(bytes, i / 4, i % 4);
            Assert.Equal(MadePictures.Of(i), read);
            size = Math.Max(size, read.Length);
            most = Math.Max(most, bytes.Held);
        }
        Assert.InRange(most, 1, 3 * 4 * size);
        Assert.Equal(8, bytes.GroupsRead);
    }

    [Fact]
    public async Task Row_groups_that_come_again_and_again_are_given_room()
    {
        // As many as would double the room beyond what a number holds.
        const int Groups = 80;
        using ManifestBytes bytes = await OpenAsync(Groups, room: 3);
        for (int row = 0; row < 4; row++)
        {
            for (int group = 0; group < Groups; group++)
                Assert.Equal(MadePictures.Of(4 * group + row), await ReadAsync(bytes, group, row));
        }
        Assert.InRange(bytes.GroupsRead, Groups + 1, 2 * Groups);
    }

    [Fact]
    public async Task A_row_group_whose_image_is_being_read_is_not_let_go()
    {
        using ManifestBytes bytes = await OpenAsync(groups: 4, room: 1);
        (Stream first, long size) = (await bytes.OpenAsync(0, 0, Token))!.Value;
        for (int group = 1; group < 4; group++) await ReadAsync(bytes, group, 0);
        byte[] read = new byte[size];
        await first.ReadExactlyAsync(read, Token);
        Assert.Equal(MadePictures.Of(0), read);
        first.Dispose();
        await ReadAsync(bytes, 1, 0);
        Assert.InRange(bytes.Held, 1, 3 * 4 * size);
    }

    // Four images in each row group, and room for as many row groups as is said.
    private async Task<ManifestBytes> OpenAsync(int groups, int room)
    {
        string manifest = await _manifests.BytesAsync([.. Enumerable.Range(0, groups)
            .Select(g => Enumerable.Range(4 * g, 4).Select(i => ($"{i:D2}", i, "x")).ToArray())]);
        long largest = Enumerable.Range(0, groups).Max(g => Enumerable.Range(4 * g, 4).Sum(i => (long)MadePictures.Of(i).Length));
        return new ManifestBytes(
            () => ParquetTable.OpenAsync(File.OpenRead(manifest), manifest, Token), "bytes", room: room * largest);
    }

    private static async Task<byte[]> ReadAsync(ManifestBytes bytes, int group, int row)
    {
        (Stream content, long size) = (await bytes.OpenAsync(group, row, Token))!.Value;
        using (content)
        {
            byte[] read = new byte[size];
            await content.ReadExactlyAsync(read, Token);
            return read;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchFolder Folder => _manifests.Folder;
}
