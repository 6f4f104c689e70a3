using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed class ImageFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ImageFolderTests()
    {
        string[] names = ["b.jpg", "B.png", "a/c.TIFF", "a/notes.txt", "a-1.webp", "é/ü.png", ".hidden.png", ".hidden/d.png"];
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_listed_by_ordinal_order_of_relative_paths_and_hidden_ones_left_out() =>
        Assert.Equal(["B.png", "a-1.webp", "a/c.TIFF", "b.jpg", "é/ü.png"], ImageFolder.List(_folder.FullName));

    [Fact]
    public void A_relative_folder_and_a_link_to_a_folder_give_the_same_paths()
    {
        IReadOnlyList<string> expected = ImageFolder.List(_folder.FullName);
        Assert.Equal(expected, ImageFolder.List(Path.GetRelativePath(Environment.CurrentDirectory, _folder.FullName)));
        Assert.Equal(expected, ImageFolder.List(_folder.FullName + Path.DirectorySeparatorChar));
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(elsewhere.File("link"), _folder.FullName);
        Assert.Equal(expected, ImageFolder.List(elsewhere.File("link")));
    }

    [Fact]
    public void Links_to_folders_are_not_followed_and_links_to_files_are()
    {
        IReadOnlyList<string> before = ImageFolder.List(_folder.FullName);
        Directory.CreateSymbolicLink(_folder.File("a/up"), _folder.FullName);
        Directory.CreateSymbolicLink(_folder.File("a/up.png"), _folder.FullName); // an image by its ending only
        File.CreateSymbolicLink(_folder.File("a/link.png"), _folder.File("b.jpg"));
        Assert.Equal([.. before.Take(3), "a/link.png", .. before.Skip(3)], ImageFolder.List(_folder.FullName));
    }

    [Fact]
    public void Files_of_other_endings_are_named_to_who_asks()
    {
        var others = new List<string>();
        Assert.Equal(5, ImageFolder.Enumerate(_folder.FullName, otherFile: others.Add).Count());
        Assert.Equal(["notes.txt"], others);
    }

    [Fact]
    public void A_folder_that_can_not_be_opened_is_an_error_unless_it_is_to_be_ignored()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "needs a folder that its own user can't open");
        if (OperatingSystem.IsWindows()) return; // for the analyzer
        File.SetUnixFileMode(_folder.File("a"), UnixFileMode.None);
        try
        {
            Assert.Throws<UnauthorizedAccessException>(() => ImageFolder.List(_folder.FullName));
            Assert.Equal(["B.png", "a-1.webp", "b.jpg", "é/ü.png"], ImageFolder.List(_folder.FullName, ignoreInaccessible: true));
        }
        finally
        {
            File.SetUnixFileMode(_folder.File("a"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var missing = Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.List("nowhere"));
        Assert.Contains("'nowhere'", missing.Message, StringComparison.Ordinal);
    }
}
