using Swan.Cli.Commands;

namespace Swan.Cli.Tests.Commands;

public sealed class SearchedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SearchedFolderTests()
    {
        foreach (string name in (string[])["open", "closed", "closed/inside", ".hidden"])
            Directory.CreateDirectory(_folder.File(name));
        TinyImages.Write(_folder.File("open"), "a.png", seed: 1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_that_can_not_be_opened_are_counted_and_named()
    {
        SearchedFolder listed = SearchedFolder.List(_folder.FullName, folder => !folder.EndsWith("closed", StringComparison.Ordinal));
        Assert.Equal([_folder.File("open/a.png")], listed.Images);
        Assert.Equal([_folder.File("closed")], listed.Unreadable);
        Assert.StartsWith(
            $"1 folder can't be opened, so its images are not searched: '{_folder.File("closed")}'.", Assert.Single(listed.Warnings),
            StringComparison.Ordinal);
        Assert.Empty(SearchedFolder.List(_folder.FullName).Warnings);
    }

    [Fact]
    public void Files_with_other_endings_are_counted_and_the_endings_of_images_named()
    {
        foreach (string name in (string[])["a.jp2", "b.heic", "c.img"]) File.WriteAllText(_folder.File(name), "");
        string warning = Assert.Single(SearchedFolder.List(_folder.FullName).Warnings);
        Assert.StartsWith("3 files are left out: their endings are not those of images (.bmp, ", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_images_names_the_folders_that_stayed_closed()
    {
        File.Delete(_folder.File("open/a.png"));
        string message = Assert.Throws<FileNotFoundException>(() => SearchedFolder.List(_folder.FullName, _ => false)).Message;
        Assert.StartsWith($"There are no images in '{_folder.FullName}'", message, StringComparison.Ordinal);
        Assert.Contains($"'{_folder.File("closed/inside")}'", message, StringComparison.Ordinal);
        Assert.DoesNotContain(".hidden", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_warns_of_a_folder_that_its_user_can_not_open()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "needs a folder that its own user can't open");
        if (OperatingSystem.IsWindows()) return; // for the analyzer
        File.SetUnixFileMode(_folder.File("closed"), UnixFileMode.None);
        (int code, _, string errors) = await SwanProcess.Run("search", "--images", _folder.FullName, "green fields");
        File.SetUnixFileMode(_folder.File("closed"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(0, code);
        Assert.StartsWith("swan: 1 folder can't be opened", errors, StringComparison.Ordinal);
    }
}
