using Swan.Batch.Sources;

namespace Swan.Batch.Tests.Sources;

public sealed class LocalSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lists_images_are_its_lines_as_given_but_for_blank_ones()
    {
        File.WriteAllText(_folder.File("list"), "\uFEFFb.png\r\n\n  \na b.png \n/c/d.png");
        using var list = new ListSource(_folder.File("list"), _folder.FullName, restrict: false);
        Assert.Equal(["b.png", "a b.png ", "/c/d.png"], (await AllAsync(list)).Select(i => i.Key));
        Assert.Equal($"{_folder.FullName} (listed)", list.Address);
    }

    [Fact]
    public async Task A_folder_is_listed_without_hidden_files_other_files_and_links_in_circles()
    {
        foreach (string name in (string[])["b.jpg", "a/c.TIFF", "a/notes.txt", ".hidden/d.png", "é/ü.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }
        Directory.CreateSymbolicLink(_folder.File("a/up"), _folder.FullName);
        File.CreateSymbolicLink(_folder.File("a/link.png"), _folder.File("b.jpg"));
        using var source = new FolderSource(_folder.FullName);
        Assert.Equal(["a/c.TIFF", "a/link.png", "b.jpg", "é/ü.png"],
            (await AllAsync(source)).Select(i => i.Key).Order(StringComparer.Ordinal));
        Assert.Contains("1 file in", source.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_stamp_of_a_file_changes_with_its_size_and_its_time_and_that_of_a_link_with_what_it_leads_to()
    {
        string file = _folder.File("a.png");
        File.WriteAllText(file, "one");
        File.CreateSymbolicLink(_folder.File("link.png"), file);
        using var source = new FolderSource(_folder.FullName);
        var stamps = new HashSet<string>();
        async Task IsNewAsync()
        {
            List<SourceImage> images = await AllAsync(source);
            Assert.True(stamps.Add(Assert.Single(images.Select(i => i.Stamp).Distinct())));
            foreach (SourceImage image in images)
            {
                using Batch.Stores.StoredContent content = (await source.OpenAsync(image, TestContext.Current.CancellationToken))!;
                Assert.Equal(image.Stamp, content.Object.Stamp);
            }
        }
        await IsNewAsync();
        DateTime time = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "longer");
        File.SetLastWriteTimeUtc(file, time);
        await IsNewAsync();
        File.SetLastWriteTimeUtc(file, time.AddTicks(10));
        await IsNewAsync();
    }

    [Fact]
    public async Task What_is_not_there_is_no_source()
    {
        using var folder = new FolderSource(_folder.File("nowhere"));
        using var list = new ListSource(_folder.File("nowhere.txt"));
        foreach (ImageSource source in (ImageSource[])[folder, list])
        {
            var refused = await Assert.ThrowsAsync<SwanBatchException>(() => AllAsync(source));
            Assert.Contains(_folder.File("nowhere"), refused.Message, StringComparison.Ordinal);
        }
        File.WriteAllText(_folder.File("list"), "a.png");
        using var rootless = new ListSource(_folder.File("list"), _folder.File("nowhere"));
        await Assert.ThrowsAsync<SwanBatchException>(() => AllAsync(rootless));
    }

    private static async Task<List<SourceImage>> AllAsync(ImageSource source)
    {
        var images = new List<SourceImage>();
        await foreach (SourceImage image in source.ListAsync(TestContext.Current.CancellationToken)) images.Add(image);
        return images;
    }
}
