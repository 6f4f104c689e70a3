using System.IO.Compression;
using Swan.MLNet.Hosting;

namespace Swan.MLNet.Tests.Hosting;

public sealed class ZipIntegrityTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void A_whole_file_passes(CompressionLevel level) => ZipIntegrity.Validate(Zip(level));

    [Fact]
    public void Half_of_another_versions_data_under_a_valid_directory_is_found_and_its_entry_named()
    {
        byte[] zip = Zip(CompressionLevel.NoCompression);
        // The local header of "first" has 35 bytes; its 100,000 bytes of data follow.
        zip.AsSpan(50_000, 10_000).Fill(9);
        string message = Assert.Throws<InvalidDataException>(() => ZipIntegrity.Validate(zip)).Message;
        Assert.Contains("'first'", message, StringComparison.Ordinal);
        Assert.Contains("still being written", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_a_truncated_file_nor_another_one_is_a_zip()
    {
        byte[] zip = Zip(CompressionLevel.Fastest);
        Assert.Throws<InvalidDataException>(() => ZipIntegrity.Validate(zip[..^10]));
        Assert.Throws<InvalidDataException>(() => ZipIntegrity.Validate([1, 2, 3]));
    }

    private static byte[] Zip(CompressionLevel level)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in (string[])["first", "second"])
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                byte[] bytes = new byte[100_000];
                new Random(1).NextBytes(bytes);
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }
}
