using System.Formats.Tar;
using System.IO.Compression;

namespace Swan.Batch.Tests.Sources;

/// <summary>Archives of files in memory.</summary>
internal static class Packed
{
    public static byte[] As(string ending, params IEnumerable<(string Name, byte[] Bytes)> files) =>
        ending == ".tar" ? Tar(files) : Zip(files);

    public static byte[] Tar(params IEnumerable<(string Name, byte[] Bytes)> files)
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link.png") { LinkName = "elsewhere.png" });
        }
        return archive.ToArray();
    }

    public static byte[] Zip(params IEnumerable<(string Name, byte[] Bytes)> files)
    {
        var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in files)
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(bytes);
            }
            // As zip -y writes a link on Unix.
            ZipArchiveEntry link = zip.CreateEntry("link.png");
            link.ExternalAttributes = 0xA1FF << 16;
            using Stream target = link.Open();
            target.Write("elsewhere.png"u8);
        }
        return archive.ToArray();
    }
}
