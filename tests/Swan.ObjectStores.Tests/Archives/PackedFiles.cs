using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Swan.ObjectStores.Tests.Conformance;

namespace Swan.ObjectStores.Tests.Archives;

/// <summary>Archives for tests.</summary>
internal static class PackedFiles
{
    /// <summary>Files of all sizes, with names of all kinds.</summary>
    public static Dictionary<string, byte[]> Some() => new()
    {
        ["a.png"] = StoreConformance.Random(1000),
        ["b/large.bin"] = StoreConformance.Random(3_000_000),
        ["b/text.txt"] = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("much the same ", 20_000))),
        ["é 🛰.png"] = StoreConformance.Random(1),
        ["empty"] = [],
        [$"long/{new string('n', 90)}/{new string('m', 60)}.png"] = StoreConformance.Random(100_000),
    };

    /// <summary>Packs files.</summary>
    /// <param name="kind">How.</param>
    /// <param name="files">What, by name.</param>
    public static byte[] Pack(string kind, Dictionary<string, byte[]> files)
    {
        var archive = new MemoryStream();
        if (kind == "prefixed.zip") archive.Write(new byte[1234]);
        if (kind.EndsWith("zip", StringComparison.Ordinal)) Zip(kind, files, archive);
        else Tar(kind, files, archive);
        return archive.ToArray();
    }

    private static void Zip(string kind, Dictionary<string, byte[]> files, MemoryStream archive)
    {
        // What can't be gone back in gets sizes behind the bytes, and .NET makes it 64 bits wide where it can't know.
        Stream target = kind == "zip64.zip" ? new Forward(archive) : archive;
        using var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        zip.Comment = "a comment";
        zip.CreateEntry("folder/");
        foreach ((string name, byte[] bytes) in files)
        {
            CompressionLevel level = kind == "stored.zip" ? CompressionLevel.NoCompression : CompressionLevel.Optimal;
            using Stream entry = zip.CreateEntry(name, level).Open();
            entry.Write(bytes);
        }
    }

    private static void Tar(string kind, Dictionary<string, byte[]> files, MemoryStream archive)
    {
        TarEntryFormat format = kind switch { "v7.tar" => TarEntryFormat.Ustar, "gnu.tar" => TarEntryFormat.Gnu, _ => TarEntryFormat.Pax };
        using var tar = new TarWriter(archive, format, leaveOpen: true);
        foreach ((string name, byte[] bytes) in files)
        {
            TarEntry entry = format switch
            {
                TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, name),
                TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, $"./{name}"),
                _ => new PaxTarEntry(TarEntryType.RegularFile, name),
            };
            entry.DataStream = new MemoryStream(bytes);
            tar.WriteEntry(entry);
        }
        tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "a.png" });
    }

    private sealed class Forward(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
