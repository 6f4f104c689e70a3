using System.Buffers.Binary;
using Swan.MLNet.Imaging;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>A header may claim any sides: their product may exceed 64 bits, and what is charged by it must not be less.</summary>
[Collection("WorkFrameTests")]
public sealed class HeaderSidesTests : IDisposable
{
    private static readonly uint[] Sides = [0, 0x40000, 0x7FFFFFFF, 0x80000000, 0xC0000000, 0xFFFFFFFF];

    private readonly SavedResources _saved = new();
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Formats => [.. Files.Keys];

    // Files whose headers claim sides, cut to the bits that a format has for them.
    private static Dictionary<string, Func<uint, uint, byte[]>> Files { get; } = new(StringComparer.Ordinal)
    {
        ["PNG"] = (width, height) => Png(width, height, interlaced: false),
        ["interlaced PNG"] = (width, height) => Png(width, height, interlaced: true),
        ["JPEG"] = (width, height) =>
        {
            byte[] file = EncodedImages.Jpeg(20, 14);
            int frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), (ushort)height);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), (ushort)width);
            return file;
        },
        ["WebP"] = (width, height) =>
        {
            byte[] picture = EncodedImages.WebP(20, 14)[12..];
            byte[] canvas = [.. "VP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, .. Low(width, 3), .. Low(height, 3)];
            return [.. "RIFF"u8, .. Low((uint)(4 + canvas.Length + picture.Length), 4), .. "WEBP"u8, .. canvas, .. picture];
        },
        ["GIF"] = (width, height) =>
        {
            byte[] file = ImageFiles.Gif(ImageFiles.Colors, 3, 2), sides = [.. Low(width, 2), .. Low(height, 2)];
            int picture = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x2C, 0, 0, 0, 0, 3, 0, 2, 0]);
            sides.CopyTo(file, 6);
            sides.CopyTo(file, picture + 1);
            sides.CopyTo(file, picture + 5);
            return file;
        },
        ["BMP"] = (width, height) =>
        {
            byte[] file = ImageFiles.Bmp(ImageFiles.Colors, 3, 2);
            Low(width, 4).CopyTo(file, 18);
            Low(height, 4).CopyTo(file, 22);
            return file;
        },
    };

    public void Dispose()
    {
        _folder.Dispose();
        _saved.Dispose();
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_header_of_extreme_sides_is_refused_and_charges_nothing(string format)
    {
        using SwanModel model = SwanModel.Open(TinyModel.Write(_folder.FullName));
        foreach (uint width in Sides)
        {
            foreach (uint height in Sides)
            {
                byte[] file = Files[format](width, height);

                Exception? decoded = Record.Exception(() => ImageDecoder.Decode(file, "extreme"));
                Exception? embedded = Record.Exception(() => model.EmbedImage(file, "extreme"));

                Assert.True(decoded is SwanImageException && embedded is SwanImageException,
                    $"{width}×{height}: {decoded?.ToString() ?? "was decoded"}; {embedded?.ToString() ?? "was embedded"}");
                Assert.Equal((0, 0), (WorkFrame.Process.Pixels.Taken, WorkFrame.Process.Decodes.Taken));
            }
        }
    }

    private static byte[] Png(uint width, uint height, bool interlaced)
    {
        byte[] file = EncodedImages.Png(20, 14);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), height);
        file[28] = (byte)(interlaced ? 1 : 0);
        return [.. file[..8], .. ImageFiles.PngChunk("IHDR", file[16..29]), .. file[33..]];
    }

    private static byte[] Low(uint number, int bytes) => BitConverter.GetBytes(number)[..bytes];
}
