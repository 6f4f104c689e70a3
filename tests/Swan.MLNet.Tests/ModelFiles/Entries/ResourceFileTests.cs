using System.IO.Compression;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;

namespace Swan.MLNet.Tests.ModelFiles;

/// <summary>The library's own model is read from the library's file, where that is the file of the loaded library.</summary>
public sealed class ResourceFileTests : IDisposable
{
    private static readonly string Library = typeof(SwanModel).Assembly.Location;
    private static readonly Guid Version = typeof(SwanModel).Assembly.ManifestModule.ModuleVersionId;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_model_inside_the_library_is_stored_and_found_in_its_file()
    {
        using Stream found = ResourceFile.Opener(SwanModelFile.DefaultName)!();
        Assert.IsType<FilePart>(found);
        using Stream expected = typeof(SwanModel).Assembly.GetManifestResourceStream(SwanModelFile.DefaultName)!;
        Assert.Equal(expected.Length, found.Length);
        using var zip = new ZipArchive(found, ZipArchiveMode.Read, leaveOpen: true);
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        SwanModelFile.Default.Validate();
        Assert.Null(ResourceFile.Opener("another.swan"));
    }

    [Fact]
    public void A_file_of_another_build_is_left_alone()
    {
        Assert.NotNull(ResourceFile.InFile(Library, Version, SwanModelFile.DefaultName));
        Assert.Null(ResourceFile.InFile(Library, Guid.NewGuid(), SwanModelFile.DefaultName));
        Assert.Null(ResourceFile.InFile(typeof(ResourceFileTests).Assembly.Location, Version, SwanModelFile.DefaultName));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(1_000_000)] // the headers are there, the model is not
    public void Half_a_library_is_left_alone_and_closed(int length)
    {
        string half = _folder.File("half.dll");
        File.WriteAllBytes(half, File.ReadAllBytes(Library)[..length]);
        Assert.Null(ResourceFile.InFile(half, Version, SwanModelFile.DefaultName));
        using FileStream free = File.Create(half);
    }

    [Fact]
    public void A_library_that_is_not_a_file_or_no_library_is_left_alone()
    {
        string text = _folder.File("text.dll");
        File.WriteAllText(text, new string('x', 10_000));
        Assert.Null(ResourceFile.InFile(text, Version, SwanModelFile.DefaultName));
        Assert.Null(ResourceFile.InFile("", Version, SwanModelFile.DefaultName));
        Assert.Null(ResourceFile.InFile(_folder.FullName, Version, SwanModelFile.DefaultName));
    }
}
