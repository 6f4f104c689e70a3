namespace Swan.MLNet.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Target => _folder.File("a.txt");

    // Hidden ones included.
    private string[] Names =>
        [.. Directory.GetFileSystemEntries(_folder.FullName).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void A_file_has_its_name_only_after_the_commit()
    {
        using (AtomicFile file = AtomicFile.Create(Target))
        {
            file.Stream.Write("new"u8);
            file.Stream.Flush();
            Assert.False(File.Exists(Target));
            file.Commit();
            Assert.Equal("new", File.ReadAllText(Target));
        }
        Assert.Equal(["a.txt"], Names);
    }

    [Fact]
    public void Without_a_commit_the_old_file_stays_and_nothing_is_left()
    {
        File.WriteAllText(Target, "old");
        using (AtomicFile file = AtomicFile.Create(Target)) file.Stream.Write("new"u8);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["a.txt"], Names);
    }

    [Fact]
    public void A_name_that_is_known_only_at_the_end_can_be_given_then()
    {
        File.WriteAllText(_folder.File("a.tmp"), "left by a crash, and longer");
        using (AtomicFile file = AtomicFile.Create(Target, _folder.File("a.tmp")))
        {
            file.Stream.Write("new"u8);
            file.Commit(_folder.File("by-content.txt"));
        }
        Assert.Equal(["by-content.txt"], Names);
        Assert.Equal("new", File.ReadAllText(_folder.File("by-content.txt")));
    }

    [Theory]
    [InlineData("v1/a.txt")]
    [InlineData("v2/a.txt")] // the link leads to nothing yet, not even a folder
    public void A_link_stays_and_the_file_that_it_leads_to_is_replaced(string behind)
    {
        Directory.CreateDirectory(_folder.File("v1"));
        File.WriteAllText(_folder.File("v1/a.txt"), "old");
        File.CreateSymbolicLink(_folder.File("between.txt"), behind);
        File.CreateSymbolicLink(Target, "between.txt");
        AtomicFile.WriteText(Target, "new");
        Assert.Equal("between.txt", new FileInfo(Target).LinkTarget);
        Assert.Equal(behind, new FileInfo(_folder.File("between.txt")).LinkTarget);
        Assert.Null(new FileInfo(_folder.File(behind)).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder.File(behind)));
        Assert.Equal(["a.txt"], Directory.GetFiles(Path.GetDirectoryName(_folder.File(behind))!).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(OwnerOnly)]
    [InlineData(UnixFileMode.UserRead)] // read-only
    [InlineData(OwnerOnly | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)] // more than a umask allows
    public void A_replaced_file_keeps_its_permissions_and_its_draft_has_no_more(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        if (OperatingSystem.IsWindows()) return; // for the analyzer
        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, mode);
        using (AtomicFile file = AtomicFile.Create(Target))
        {
            Assert.Equal(mode, File.GetUnixFileMode(file.Stream.SafeFileHandle));
            file.Stream.Write("new"u8);
            file.Commit();
        }
        Assert.Equal(mode, File.GetUnixFileMode(Target));
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void A_new_file_has_the_permissions_that_any_new_file_has()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        if (OperatingSystem.IsWindows()) return; // for the analyzer
        File.WriteAllText(_folder.File("plain.txt"), "");
        AtomicFile.WriteText(Target, "new");
        Assert.Equal(File.GetUnixFileMode(_folder.File("plain.txt")), File.GetUnixFileMode(Target));
    }

    [Fact]
    public void Deleting_a_file_that_is_not_there_does_nothing()
    {
        AtomicFile.Delete(Target);
        File.WriteAllText(Target, "old");
        AtomicFile.Delete(Target);
        Assert.Empty(Names);
    }
}
