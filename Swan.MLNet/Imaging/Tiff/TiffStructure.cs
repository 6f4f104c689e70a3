using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>Checks a TIFF's first directory before LibTiff.NET reads it, which takes whatever memory a lying entry asks for.</summary>
internal static class TiffStructure
{
    private const int Short = 3, Long = 4;

    // Bytes of one value by type (1 BYTE … 18 IFD8); 0 where the type is not defined.
    private static ReadOnlySpan<byte> TypeBytes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    public static bool IsTiff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) || bytes.StartsWith("II+\0"u8) || bytes.StartsWith("MM\0+"u8);

    /// <exception cref="SwanImageException">
    /// The directory, or the values of an entry, lie outside the file; the image is too large, or needs more strips or tiles than are
    /// listed.
    /// </exception>
    public static void Check(ReadOnlySpan<byte> bytes, string name, ImageDecodingOptions options)
    {
        bool little = bytes[0] == 'I', big = bytes[2] == '+' || bytes[3] == '+';
        int offsetBytes = big ? 8 : 4, entryBytes = big ? 20 : 12, countBytes = big ? 8 : 2;
        if (bytes.Length < (big ? 16 : 8)) throw Outside("its header");
        if (big && !little)
        {
            throw new SwanImageException(name, ImageFault.Unsupported,
                "it is a big-endian BigTIFF, which LibTiff.NET can't read. Convert it to a little-endian one.");
        }
        ulong directory = Number(bytes[(big ? 8 : 4)..], offsetBytes);
        if (directory < 8 || directory > (ulong)(bytes.Length - countBytes)) throw Outside("its directory");
        ReadOnlySpan<byte> entries = bytes[(int)directory..];
        ulong count = Number(entries, countBytes);
        entries = entries[countBytes..];
        if (count == 0) throw new SwanImageException(name, ImageFault.Corrupt, "its directory has no entries.");
        if (count > (ulong)(entries.Length / entryBytes)) throw Outside("its directory");
        var layout = new TiffLayout();
        for (int i = 0; i < (int)count; i++)
        {
            ReadOnlySpan<byte> entry = entries.Slice(i * entryBytes, entryBytes);
            int tag = (int)Number(entry, 2), type = (int)Number(entry[2..], 2);
            ulong values = Number(entry[4..], offsetBytes);
            if (type >= TypeBytes.Length || TypeBytes[type] == 0)
            {
                throw new SwanImageException(name, ImageFault.Corrupt,
                    $"the entry {tag} of its directory has the type {type}, which TIFF doesn't define.");
            }
            if (values > (ulong)bytes.Length) throw Outside($"the values of tag {tag}");
            ulong size = values * TypeBytes[type];
            if (size > (ulong)offsetBytes
                && Number(entry[(4 + offsetBytes)..], offsetBytes) is var at
                && (at > (ulong)bytes.Length || size > (ulong)bytes.Length - at))
                throw Outside($"the values of tag {tag}");
            if (TiffLayout.IsSide(tag) && (values != 1 || type is not (Short or Long)))
            {
                throw new SwanImageException(name, ImageFault.Corrupt,
                    $"the entry {tag} of its directory has {values} values of type {type}; TIFF has one whole number.");
            }
            if (!layout.Take(tag, (long)values, type is Short or Long ? (long)Number(entry[(4 + offsetBytes)..], TypeBytes[type]) : 0))
                throw new SwanImageException(name, ImageFault.Corrupt, $"its directory has the entry {tag} twice.");
        }

        layout.Check(name, options);

        ulong Number(ReadOnlySpan<byte> from, int size) => (size, little) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(from),
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(from),
            (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(from),
            (4, false) => BinaryPrimitives.ReadUInt32BigEndian(from),
            (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(from),
            _ => BinaryPrimitives.ReadUInt64BigEndian(from),
        };

        SwanImageException Outside(string what) => new(name, ImageFault.Truncated,
            $"{what} would lie outside the file, so it is cut off or its structure is corrupt. Copy it again from its source.");
    }
}
