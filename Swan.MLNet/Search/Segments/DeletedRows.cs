using System.Buffers.Binary;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>The file that says which rows of a segment are deleted. It doesn't change: a later commit writes another one.</summary>
/// <remarks>
/// <c>SWANGONE</c>; then little-endian: format version 1, rows of the segment N, rows deleted, 0 (int32 each); a bit for each row, row r
/// being bit r mod 64 of the uint64 r / 64, 1 where it is deleted; XXH128 of all before (16 bytes; the manifest has it, too).
/// </remarks>
internal static class DeletedRows
{
    private const int Version = 1, Header = 24;

    private static ReadOnlySpan<byte> Magic => "SWANGONE"u8;

    /// <summary>Writes the file.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="name">The file's name in it.</param>
    /// <param name="deleted">The rows.</param>
    public static ManifestDeleted Write(IndexFolder folder, string name, RowBits deleted)
    {
        byte[] bytes = new byte[Header + 8 * deleted.Words.Length + Checksum.Bytes];
        Magic.CopyTo(bytes);
        int count = deleted.Count;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), deleted.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), count);
        Span<byte> words = bytes.AsSpan(Header, 8 * deleted.Words.Length);
        for (int i = 0; i < deleted.Words.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(words[(8 * i)..], deleted.Words[i]);
        UInt128 checksum = Checksum.Of(bytes.AsSpan(0, bytes.Length - Checksum.Bytes));
        Checksum.Write(bytes.AsSpan(bytes.Length - Checksum.Bytes), checksum);
        using AtomicFile file = folder.Create(name);
        file.Stream.Write(bytes);
        file.Commit();
        return new ManifestDeleted { File = name, Rows = count, Checksum = Checksum.Text(checksum) };
    }

    /// <summary>Reads the file that the manifest names.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="named">What the manifest says of it.</param>
    /// <param name="rows">Rows of the segment.</param>
    /// <exception cref="SwanFormatException">It is damaged, or another one.</exception>
    /// <exception cref="FileNotFoundException">It isn't there.</exception>
    public static RowBits Read(IndexFolder folder, ManifestDeleted named, int rows)
    {
        string path = folder.Full(named.File);
        var deleted = new RowBits(rows);
        long length = Header + 8L * deleted.Words.Length + Checksum.Bytes, found = new FileInfo(path).Length;
        if (found != length) throw IndexDamage.Error(folder, named.File, $"has {found:N0} bytes, but {length:N0} were written");
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length != length || !bytes.AsSpan().StartsWith(Magic)
            || Checksum.Of(bytes.AsSpan(0, bytes.Length - Checksum.Bytes)) != Checksum.Read(bytes.AsSpan(bytes.Length - Checksum.Bytes)))
        {
            throw IndexDamage.Error(folder, named.File, "has changed bytes");
        }
        if (Checksum.Text(Checksum.Read(bytes.AsSpan(bytes.Length - Checksum.Bytes))) != named.Checksum)
            throw IndexDamage.Error(folder, named.File, "is not the file that the manifest names");
        int version = Int32(bytes, 8);
        if (version != Version)
        {
            throw IndexDamage.Error(
                folder, named.File, $"has format version {version}, but this version of Swan.MLNet reads version {Version}");
        }
        ReadOnlySpan<byte> words = bytes.AsSpan(Header, 8 * deleted.Words.Length);
        for (int i = 0; i < deleted.Words.Length; i++) deleted.Words[i] = BinaryPrimitives.ReadUInt64LittleEndian(words[(8 * i)..]);
        int before = deleted.Count;
        deleted.Trim();
        if (Int32(bytes, 12) != rows || deleted.Count != before || before != named.Rows || Int32(bytes, 16) != before)
            throw IndexDamage.Error(folder, named.File, $"says that {before:N0} rows are deleted, but the manifest says {named.Rows:N0}");
        return deleted;
    }

    private static int Int32(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
