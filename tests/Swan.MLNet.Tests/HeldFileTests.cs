namespace Swan.MLNet.Tests;

public sealed class HeldFileTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_held_for_a_moment_is_used_then(bool denied)
    {
        int calls = 0;
        HeldFile.Again("manifest.json", () =>
        {
            if (++calls < 4) throw Held(denied);
        });
        Assert.Equal(4, calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_held_all_the_time_is_named(bool denied)
    {
        int calls = 0;
        IOException e = Assert.Throws<IOException>(() => HeldFile.Again("manifest.json", () =>
        {
            calls++;
            throw Held(denied);
        }));
        Assert.Contains("'manifest.json'", e.Message, StringComparison.Ordinal);
        Assert.Contains("another program holds it open", e.Message, StringComparison.Ordinal);
        Assert.NotNull(e.InnerException);
        Assert.True(calls > 5);
    }

    [Fact]
    public void What_else_goes_wrong_with_a_file_is_thrown_at_once()
    {
        int calls = 0;
        Assert.Throws<FileNotFoundException>(() => HeldFile.Again("manifest.json", () =>
        {
            calls++;
            throw new FileNotFoundException();
        }));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task A_manifest_that_a_reader_holds_on_Windows_is_replaced_later()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Elsewhere a file that is open can be replaced.");
        using var folder = new TemporaryFolder();
        string file = folder.File("manifest.json");
        File.WriteAllText(file, "before");
        using var reader = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        Task letGo = Task.Run(async () =>
        {
            await Task.Delay(100);
            await reader.DisposeAsync();
        });
        AtomicFile.WriteText(file, "after");
        await letGo;
        Assert.Equal("after", File.ReadAllText(file));
    }

    // What Windows says: access denied, or a sharing violation.
    private static Exception Held(bool denied) =>
        denied ? new UnauthorizedAccessException() : new IOException("It is open.", unchecked((int)0x80070020));

    [Fact]
    public void A_folder_that_cannot_be_removed_stays_without_an_error()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("no-folder"), full = folder.File("full");
        File.WriteAllText(file, "");
        HeldFile.TryRemoveFolder(file);
        Assert.True(File.Exists(file));
        HeldFile.TryRemoveFolder(folder.File("nowhere"));

        Directory.CreateDirectory(Path.Combine(full, "within"));
        HeldFile.TryRemoveFolder(full);
        Assert.False(Directory.Exists(full));
    }
}
