using System.IO.Compression;
using Swan.MLNet.DataViews;

namespace Swan.MLNet.Hosting;

/// <summary>Checks a zip's own checksums, which neither .NET nor ML.NET does when it reads one.</summary>
/// <remarks>
/// A file that was being overwritten when it was read can have a valid directory and half of its weights from the old version.
/// </remarks>
internal static class ZipIntegrity
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>Checks a saved pipeline.</summary>
    /// <param name="zip">Its bytes.</param>
    /// <param name="mostBytes">The most that its entries may inflate to; null for the default.</param>
    /// <exception cref="InvalidDataException">It is no zip, or damaged; the message says which entry.</exception>
    /// <exception cref="SwanFormatException">It claims to inflate to more.</exception>
    public static void Validate(byte[] zip, long? mostBytes = null)
    {
        using var archive = new ZipArchive(new MemoryStream(zip, writable: false), ZipArchiveMode.Read);
        PipelineArchive.Check(archive, zip.Length, "The saved pipeline", mostBytes);
        byte[] buffer = new byte[1 << 16];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            uint crc = uint.MaxValue;
            long length = 0;
            using Stream stream = entry.Open();
            for (int read; (read = stream.Read(buffer)) > 0; length += read) crc = Update(crc, buffer.AsSpan(0, read));
            if (length != entry.Length || ~crc != entry.Crc32)
            {
                throw new InvalidDataException(
                    $"Its entry '{entry.FullName}' has {length:N0} bytes with CRC-32 {~crc:x8}, but its directory says {entry.Length:N0} "
                    + $"with {entry.Crc32:x8}. The file is damaged, or was still being written.");
            }
        }
    }

    private static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) crc = (crc >> 8) ^ Table[(byte)(crc ^ b)];
        return crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
