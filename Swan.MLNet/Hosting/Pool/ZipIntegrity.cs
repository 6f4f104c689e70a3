using System.IO.Compression;
using Swan.MLNet.DataViews;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Hosting;

/// <summary>Checks a zip's own checksums, which neither .NET nor ML.NET does when it reads one.</summary>
/// <remarks>
/// A file that was being overwritten when it was read can have a valid directory and half of its weights from the old version.
/// </remarks>
internal static class ZipIntegrity
{
    /// <summary>Checks a saved pipeline.</summary>
    /// <param name="zip">Its bytes.</param>
    /// <param name="mostBytes">The most that its entries may inflate to; null for the default.</param>
    /// <exception cref="InvalidDataException">It is not a zip, or is damaged; the message names the entry.</exception>
    /// <exception cref="SwanFormatException">It claims to inflate to more.</exception>
    public static void Validate(byte[] zip, long? mostBytes = null)
    {
        using var archive = new ZipArchive(new MemoryStream(zip, writable: false), ZipArchiveMode.Read);
        PipelineArchive.Check(archive, zip.Length, "The saved pipeline", mostBytes);
        byte[] buffer = new byte[1 << 16];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            uint crc = Crc32.Start;
            long length = 0;
            using Stream stream = entry.Open();
            for (int read; (read = stream.Read(buffer)) > 0; length += read) crc = Crc32.Update(crc, buffer.AsSpan(0, read));
            if (length != entry.Length || ~crc != entry.Crc32)
            {
                throw new InvalidDataException(
                    $"Its entry '{entry.FullName}' has {length:N0} bytes with CRC-32 {~crc:x8}, but its directory says {entry.Length:N0} "
                    + $"with {entry.Crc32:x8}. The file is damaged, or was still being written.");
            }
        }
    }
}
