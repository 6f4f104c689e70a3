using Swan.Batch.Sources;

namespace Swan.Batch.Tests.Sources;

/// <summary>Manifests that can't be used.</summary>
public sealed class ManifestLayoutTests : IDisposable
{
    private readonly ManifestFolder _manifests = new();

    public void Dispose() => _manifests.Dispose();

    [Theory]
    [InlineData("name,label|a.png,x", "no column 'path', 'url', 'image' or 'bytes'")]
    [InlineData("path,url|a.png,x", "the columns 'path' and 'url'")]
    [InlineData("path,label|a.png", "line 2: it has 1 values, but the first line names 2 columns")]
    [InlineData("path,label|a.png,x|,y", "line 3, column 'path': it has no value")]
    [InlineData("url|a.png", "line 2, column 'url': 'a.png' is not an address")]
    [InlineData("path,Hash|a.png,x", "column 'Hash' can't be kept")]
    [InlineData("path,path|a.png,x", "the column 'path' twice")]
    [InlineData("", "is empty")]
    public async Task A_manifest_that_can_not_be_read_is_named_with_row_and_column(string lines, string expected)
    {
        File.WriteAllLines(Folder.File("m.csv"), lines.Length == 0 ? [] : lines.Split('|'));
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => _manifests.RunAsync(Folder.File("m.csv")));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
    }

    [Fact]
    public async Task Columns_that_are_named_hold_and_those_that_are_not_there_are_an_error()
    {
        Folder.Draw("a.png", 1);
        string manifest = _manifests.Csv("where,path,label,year", "a.png,x,roof,2026");
        await _manifests.RunAsync(manifest, new ManifestColumns { Path = "where", Keep = ["year"] });
        Assert.Equal([["2026"]], await _manifests.KeptAsync("year"));
        foreach ((ManifestColumns columns, string expected) in (List<(ManifestColumns, string)>)
        [
            (new() { Path = "other" }, "no column 'other'. It has 'where', 'path', 'label', 'year'"),
            (new() { Path = "where", Url = "path" }, "Name only one"),
            (new() { Bytes = "path" }, "is not of bytes"),
            (new() { Path = "where", Keep = ["where"] }, "results have it as 'image'"),
            (new() { Path = "where", Key = "label" }, "requires a bytes column"),
        ])
        {
            var refused = await Assert.ThrowsAsync<SwanBatchException>(() => _manifests.RunAsync(manifest, columns));
            Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_Parquet_is_an_error_and_one_that_is_damaged_too()
    {
        File.WriteAllText(Folder.File("m.parquet"), "no Parquet at all");
        var refused = await Assert.ThrowsAsync<SwanBatchException>(() => _manifests.RunAsync(Folder.File("m.parquet")));
        Assert.Contains("m.parquet' can't be read as a Parquet file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(BatchExitCode.Failed, BatchExitCode.For(refused));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private BatchFolder Folder => _manifests.Folder;
}
