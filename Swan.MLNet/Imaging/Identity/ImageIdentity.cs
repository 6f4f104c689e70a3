using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Swan.MLNet.Imaging;

/// <summary>Which image a file holds, whatever its name and folder.</summary>
/// <remarks>
/// Two images with the same <see cref="ContentHash"/> are byte for byte the same file. Two with other bytes look the same when their
/// perceptual hashes are close, see <see cref="Imaging.PerceptualHash"/>. Independent of the machine.
/// </remarks>
/// <param name="ContentHash">The first 8 bytes, big-endian, of the SHA-256 of the file's bytes.</param>
/// <param name="PerceptualHash">
/// The perceptual hash of the decoded picture; <see cref="PerceptualHash.None"/> where it is too flat to be told from others.
/// </param>
public readonly record struct ImageIdentity(ulong ContentHash, ulong PerceptualHash)
{
    /// <summary>Identifies an image that was read and decoded already.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="picture">What <see cref="ImageDecoder"/> makes of them.</param>
    public static ImageIdentity Create(ReadOnlySpan<byte> file, RgbImage picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        Span<byte> sha256 = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file, sha256);
        return new(BinaryPrimitives.ReadUInt64BigEndian(sha256), Imaging.PerceptualHash.Compute(picture));
    }

    /// <summary>Reads, decodes and identifies an image file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; the defaults when null.</param>
    /// <exception cref="SwanImageException">The file is missing, empty, no image, truncated, corrupt, too large or unsupported.</exception>
    public static ImageIdentity Read(string path, ImageDecodingOptions? options = null)
    {
        using IncomingFile file = ImageDecoder.ReadFile(path, options);
        return Create(file.Bytes.Span, file.Decode());
    }
}
