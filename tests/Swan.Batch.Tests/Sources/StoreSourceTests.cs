using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Sources;

public sealed class StoreSourceTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_images_of_a_store_are_embedded_as_those_of_a_folder()
    {
        string[] names = _folder.Draw(3);
        File.WriteAllText(Path.Combine(_folder.Images, "notes.txt"), "no image");
        Directory.CreateDirectory(Path.Combine(_folder.Images, "more"));
        _folder.Draw("more/1.png", 7);
        await _folder.RunAsync(o => o.Output = _folder.File("of-the-folder"));
        using var source = new StoreSource(new FolderStore(_folder.Images));
        await _folder.RunAsync(o => o.Source = source);

        List<JobRow> rows = await _folder.RowsAsync();
        Assert.Equal([.. names, "more/1.png"], rows.Select(r => r.Image));
        Assert.Equal((await BatchFolder.RowsAsync(_folder.File("of-the-folder"))).Select(r => r.Text), rows.Select(r => r.Text));
        Assert.Equal(1, (await _folder.RunAsync(o => o.Source = source)).Run);
        Assert.Contains("1 object", source.Remark, StringComparison.Ordinal);

        using var below = new StoreSource(new FolderStore(_folder.Images), "more/");
        Assert.Equal($"{_folder.Images}/more/", below.Address);
        await _folder.RunAsync(o => (o.Source, o.Output) = (below, _folder.File("below")));
        Assert.Equal("more/1.png", Assert.Single(await BatchFolder.RowsAsync(_folder.File("below"))).Image);
    }
}
