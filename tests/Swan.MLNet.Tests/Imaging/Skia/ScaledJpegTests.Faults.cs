using System.Buffers.Binary;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

public sealed partial class ScaledJpegTests
{
    // A cut, zeros and a lost piece, at many places, of every kind but arithmetic coding, in whose data damage is not looked for.
    [Fact]
    public void Damage_is_found_alike_scaled_and_whole()
    {
        int refused = 0;
        foreach (string kind in (string[])["baseline", "gray", "planes", "restart", "progressive", "progressive-restart", "cmyk"])
        {
            byte[] whole = File(kind);
            for (int at = 20; at < whole.Length - 2; at += 23)
            {
                byte[] zeros = [.. whole];
                zeros.AsSpan(at, Math.Min(100, whole.Length - 2 - at)).Clear();
                foreach (byte[] damaged in (byte[][])[
                    whole[..at], [.. whole[..at], 0xFF, 0xD9], zeros, [.. whole[..at], .. whole[Math.Min(at + 64, whole.Length - 2)..]]])
                {
                    ImageFault? fault = Fault(damaged, 0);
                    Assert.True(fault == Fault(damaged, 4), $"{kind} at {at}: {fault} whole, {Fault(damaged, 4)} scaled");
                    if (fault is not null) refused++;
                }
            }
        }
        Assert.True(refused > 500, $"{refused}");
    }

    // A second frame header: libjpeg takes the first, or refuses both.
    [Theory]
    [InlineData(224, 224, 8000, 8000)]
    [InlineData(400, 300, 16, 16)]
    [InlineData(400, 300, 300, 400)]
    public void The_scale_is_that_of_the_picture_and_not_of_another_frame(int width, int height, int otherWidth, int otherHeight)
    {
        byte[] file = NaturalPictures.Jpeg(width, height, seed: 1), after = WithFrame(file, file.Length - 2, otherWidth, otherHeight);

        foreach (int side in (int[])[0, 40, 160])
        {
            RgbImage expected = Decode(file, side), found = Decode(after, side);
            Assert.Equal(expected.Pixels, found.Pixels);
            Assert.Equal(expected.Reading, found.Reading);
        }
    }

    [Theory]
    [InlineData("baseline"), InlineData("gray"), InlineData("planes"), InlineData("restart"), InlineData("progressive")]
    [InlineData("progressive-restart"), InlineData("arithmetic"), InlineData("cmyk")]
    public void A_segment_too_many_is_the_same_fault_scaled_and_whole(string kind)
    {
        byte[] file = File(kind);
        int scan = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        byte[] quantization = Segment(file, 0xDB), interval = [0xFF, 0xDD, 0, 4, 0, 1];
        foreach (int at in (int[])[scan, file.Length - 2])
        {
            foreach (byte[] more in (byte[][])[[.. file[..at], .. quantization, .. file[at..]], [.. file[..at], .. interval, .. file[at..]],
                WithFrame(file, at, 8000, 8000), WithFrame(file, at, 8, 8), [.. file[..at], .. file[scan..^2], .. file[at..]]])
            {
                Assert.True(Fault(more, 0) == Fault(more, 4), $"{kind} at {at}: {Fault(more, 0)} whole, {Fault(more, 4)} scaled");
            }
        }
    }

    [Theory]
    [InlineData("hostile"), InlineData("faults")]
    public void Files_of_other_projects_have_the_same_faults_scaled_and_whole(string folder)
    {
        int jpegs = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Data(folder), "*", SearchOption.AllDirectories))
        {
            byte[] file = System.IO.File.ReadAllBytes(path);
            if (!JpegSegments.IsJpeg(file)) continue;
            jpegs++;
            Assert.True(Fault(file, 0) == Fault(file, 8), $"{path}: {Fault(file, 0)} whole, {Fault(file, 8)} scaled");
        }
        Assert.True(jpegs > 0);
    }

    private static byte[] WithFrame(byte[] file, int at, int width, int height) =>
    [
        .. file[..at], 0xFF, 0xC0, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width,
        3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, .. file[at..],
    ];

    private static byte[] Segment(byte[] file, byte marker)
    {
        int at = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, marker]);
        return file[at..(at + 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2)))];
    }

    private static ImageFault? Fault(byte[] file, int side)
    {
        try
        {
            Decode(file, side);
            return null;
        }
        catch (SwanImageException e)
        {
            return e.Fault;
        }
    }
}
