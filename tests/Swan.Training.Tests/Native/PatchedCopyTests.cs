using Swan.Training.Native;

namespace Swan.Training.Tests.Native;

public sealed class PatchedCopyTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
    private readonly TemporaryFolder _folder = new();

    public PatchedCopyTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has libLibTorchSharp.so");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_no_user_folder_can_be_written_to_nothing_stays_behind()
    {
        File.WriteAllText(_folder.File("no-folder"), "");
        string location;
        using (var copy = PatchedCopy.Of(Shipped, _folder.File("no-folder")))
        {
            location = copy.Location;
            Assert.True(copy.IsTemporary);
            Assert.Equal(Lowered(), File.ReadAllBytes(location));
        }
        Assert.False(File.Exists(location));
        string[] parts = Path.GetRelativePath(Path.GetTempPath(), location).Split('/');
        Assert.False(Directory.Exists(Path.Combine(Path.GetTempPath(), parts[0])), $"{parts[0]} is left in the temporary folder");
    }

    [Fact]
    public void A_users_copy_is_kept_and_written_again_only_when_it_differs()
    {
        string Location()
        {
            using var copy = PatchedCopy.Of(Shipped, _folder.FullName);
            Assert.False(copy.IsTemporary);
            return copy.Location;
        }

        string location = Location();
        Assert.StartsWith(_folder.FullName, location, StringComparison.Ordinal);
        DateTime old = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(location, old);
        Assert.Equal((location, old), (Location(), File.GetLastWriteTimeUtc(location)));

        File.WriteAllText(location, "of somebody else");
        Assert.Equal(location, Location());
        Assert.Equal(Lowered(), File.ReadAllBytes(location));
    }

    private static byte[] Lowered()
    {
        byte[] image = File.ReadAllBytes(Shipped);
        Assert.NotEqual(0, ElfSymbolVersion.Lower(image));
        return image;
    }
}
