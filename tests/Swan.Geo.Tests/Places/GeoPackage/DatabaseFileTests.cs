using Swan.Geo.Places;

namespace Swan.Geo.Tests.Places;

public sealed class DatabaseFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("a.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_database_has_its_name_once_it_is_whole()
    {
        File.WriteAllText(Path, "before");
        using (DatabaseFile file = DatabaseFile.Create(Path))
        {
            file.Execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)");
            Assert.Equal("before", File.ReadAllText(Path));
            file.Commit();
        }

        Assert.StartsWith("SQLite format 3", File.ReadAllText(Path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void A_database_that_is_not_committed_leaves_nothing()
    {
        using (DatabaseFile file = DatabaseFile.Create(_folder.File("new/a.db"))) file.Execute("CREATE TABLE t (x)");

        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("new")));
    }

    [Theory]
    [InlineData("-wal"), InlineData("-journal")]
    public void A_database_that_another_program_has_open_is_not_replaced(string suffix)
    {
        File.WriteAllText(Path, "before");
        File.WriteAllText(Path + suffix, "theirs");

        var e = Assert.Throws<IOException>(() => DatabaseFile.Create(Path));

        Assert.Contains($"a.db{suffix}", e.Message, StringComparison.Ordinal);
        Assert.Contains("QGIS", e.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(Path));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.FullName).Length);
    }

    [Fact]
    public void Permissions_and_links_stay()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        if (OperatingSystem.IsWindows()) return;
        File.WriteAllText(Path, "before");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(_folder.File("link.db"), "a.db");

        using (DatabaseFile file = DatabaseFile.Create(_folder.File("link.db")))
        {
            file.Execute("CREATE TABLE t (x)");
            file.Commit();
        }

        Assert.Equal("a.db", new FileInfo(_folder.File("link.db")).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        Assert.NotEqual("before", File.ReadAllText(Path));
    }
}
