namespace Swan.MLNet.Tests;

public sealed class HeldFileTests
{
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
