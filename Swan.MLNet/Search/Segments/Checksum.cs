using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace Swan.MLNet.Search;

/// <summary>XXH128, which finds damage at the speed of memory. It doesn't prove who wrote a file.</summary>
internal static class Checksum
{
    /// <summary>Bytes of one; little-endian.</summary>
    public const int Bytes = 16;

    public static UInt128 Of(ReadOnlySpan<byte> bytes) => XxHash128.HashToUInt128(bytes);

    /// <summary>32 digits, as in a manifest.</summary>
    public static string Text(UInt128 checksum) => checksum.ToString("x32", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out UInt128 checksum)
    {
        checksum = default;
        return text is { Length: 2 * Bytes }
            && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out checksum);
    }

    public static UInt128 Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128LittleEndian(bytes);

    public static void Write(Span<byte> bytes, UInt128 checksum) => BinaryPrimitives.WriteUInt128LittleEndian(bytes, checksum);
}
