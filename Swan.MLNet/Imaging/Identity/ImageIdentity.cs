using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Swan.MLNet.Imaging;

/// <summary>Identifies a file's image, whatever the file's name and folder.</summary>
/// <remarks>
/// Two images with the same <see cref="ContentHash"/> are byte for byte the same file. Two with different bytes look the same when their
/// perceptual hashes are close, see <see cref="Imaging.PerceptualHash"/>. Independent of the machine.
/// </remarks>
/// <param name="ContentHash">The first 8 bytes, big-endian, of the SHA-256 of the file's bytes.</param>
/// <param name="PerceptualHash">
/// The perceptual hash of the decoded picture; <see cref="PerceptualHash.None"/> if the picture is too flat to tell from others.
/// </param>
public readonly record struct ImageIdentity(ulong ContentHash, ulong PerceptualHash)
{
    /// <summary>Identifies an image that is already read and decoded.</summary>
    /// <remarks>
    /// The identity is that of the full picture. A picture decoded at a smaller scale (<see cref="ImageReading.Eighths"/>) looks slightly
    /// different, so the file is decoded again.
    /// </remarks>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="picture">The picture that <see cref="ImageDecoder"/> decoded from them.</param>
    /// <exception cref="SwanImageException">The file must be decoded again, and these are not the bytes of that picture.</exception>
    public static ImageIdentity Create(ReadOnlySpan<byte> file, RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        // Only a file that is decoded again needs its own memory.
        return picture.Reading is { Eighths: < JpegScale.Full } ? Create(file.ToArray(), picture, "the picture's file") : Of(file, picture);
    }

    /// <summary>The same of bytes that stay where they are, with what error messages call them.</summary>
    internal static ImageIdentity Create(ReadOnlyMemory<byte> file, RgbImage picture, string name)
    {
        if (picture.Reading is { Eighths: < JpegScale.Full } reading)
        {
            var limits = new ImageDecodingOptions
            {
                MaxPixels = (long)reading.Width * reading.Height, MaxBytes = Math.Max(1, file.Length),
            };
            (int width, int height) = (reading.Width, reading.Height);
            try
            {
                picture = ImageDecoder.Decode(file, name, limits);
            }
            catch (SwanImageException e) when (e is { Fault: ImageFault.TooLarge, InnerException: null })
            {
                throw OfAnother(name, $"more than {width}×{height} pixels", width, height, e);
            }
            if ((picture.Width, picture.Height) != (width, height))
                throw OfAnother(name, $"{picture.Width}×{picture.Height} pixels", width, height, null);
        }
        return Of(file.Span, picture);
    }

    private static SwanImageException OfAnother(string name, string found, int width, int height, SwanImageException? cause) =>
        new(name, ImageFault.Corrupt,
            $"these bytes have {found}, but the picture's file has {width}×{height}. Give the bytes that it was decoded from.",
            cause);

    /// <summary>Reads, decodes and identifies an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; the defaults when null.</param>
    /// <exception cref="SwanImageException">The file is missing, empty, not an image, truncated, corrupt, too large or
    /// unsupported.</exception>
    public static ImageIdentity Read(string path, ImageDecodingOptions? options = null)
    {
        // Whatever scale the options' model takes.
        using IncomingFile file = ImageDecoder.ReadFile(path, options is null ? null : options with { ScaledSide = 0 });
        return Of(file.Bytes.Span, file.Decode());
    }

    private static ImageIdentity Of(ReadOnlySpan<byte> file, RgbImage picture)
    {
        Span<byte> sha256 = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file, sha256);
        return new(BinaryPrimitives.ReadUInt64BigEndian(sha256), Imaging.PerceptualHash.Compute(picture));
    }
}
