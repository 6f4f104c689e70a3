using CsCheck;
using Microsoft.Win32.SafeHandles;
using Swan.MLNet.ModelFiles;

namespace Swan.MLNet.Tests.ModelFiles;

/// <summary>A part of a file is read as a file of its own would be.</summary>
public sealed class FilePartTests : IDisposable
{
    private const int Start = 5, Length = 40;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_part_does_what_a_file_of_its_bytes_does()
    {
        byte[] bytes = [.. Enumerable.Range(0, 60).Select(i => (byte)i)];
        string whole = _folder.File("whole"), alone = _folder.File("alone");
        File.WriteAllBytes(whole, bytes);
        File.WriteAllBytes(alone, bytes[Start..(Start + Length)]);
        using SafeFileHandle handle = File.OpenHandle(whole);
        Gen.Select(Gen.Int[-60, 60], Gen.Enum<SeekOrigin>(), Gen.Int[0, 50]).Array[1, 8].Sample(steps =>
        {
            using var part = new FilePart(handle, Start, Length);
            using FileStream file = File.OpenRead(alone);
            foreach ((int offset, SeekOrigin origin, int count) in steps)
            {
                Assert.Equal(Outcome(() => file.Seek(offset, origin)), Outcome(() => part.Seek(offset, origin)));
                Assert.Equal(Read(file, count), Read(part, count));
                Assert.Equal(file.Position, part.Position);
            }
        }, iter: 200, threads: 1);
    }

    [Theory]
    [InlineData(long.MinValue, SeekOrigin.End)]
    [InlineData(long.MaxValue, SeekOrigin.End)]
    [InlineData(-1, SeekOrigin.Begin)]
    public void A_place_outside_of_all_files_is_refused(long offset, SeekOrigin origin)
    {
        string path = _folder.File("whole");
        File.WriteAllBytes(path, new byte[Length]);
        using SafeFileHandle handle = File.OpenHandle(path);
        using var part = new FilePart(handle, 0, Length);
        Assert.Throws<IOException>(() => part.Seek(offset, origin));
        Assert.Throws<ArgumentOutOfRangeException>(() => part.Position = -1);
        Assert.Throws<ArgumentException>(() => part.Seek(0, (SeekOrigin)7));
        Assert.Equal(0, part.Position);
    }

    private static string Outcome(Func<long> seek)
    {
        try
        {
            return $"{seek()}";
        }
        catch (IOException)
        {
            return nameof(IOException);
        }
    }

    private static byte[] Read(Stream stream, int count)
    {
        byte[] bytes = new byte[count];
        return bytes[..stream.Read(bytes, 0, count)];
    }
}
