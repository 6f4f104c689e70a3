using System.Globalization;
using Swan.Batch.Stores;

namespace Swan.Batch.Archives;

/// <summary>Where a file's bytes are in an archive.</summary>
/// <param name="Name">As the archive has it.</param>
/// <param name="Offset">Of its bytes in a tar, of its header in a zip.</param>
/// <param name="Packed">How many bytes it takes in the archive.</param>
/// <param name="Size">How many it has.</param>
/// <param name="Method">Of compression, as zip numbers them; -1: the bytes are as they are, without a header.</param>
/// <param name="Checksum">CRC-32 of its bytes; 0 in a tar.</param>
internal sealed record ArchiveEntry(string Name, long Offset, long Packed, long Size, int Method, uint Checksum)
{
    /// <summary>The method of a tar's entries.</summary>
    public const int Bare = -1;

    private const string Mark = ";entry:";

    /// <summary>The entry as an object: its stamp contains the archive's version and the entry's place.</summary>
    /// <exception cref="StoreException">Its name is no key.</exception>
    public StoredObject In(StoredObject archive, string address)
    {
        string name = Name.Replace('\\', '/');
        while (name.StartsWith("./", StringComparison.Ordinal)) name = name[2..];
        StoreKey.Check(name, $"'{archive.Key}' in {address}");
        return new StoredObject($"{archive.Key}/{name}", Size, string.Create(
            CultureInfo.InvariantCulture,
            $"{archive.Stamp}{Mark}{archive.Key.Length},{archive.Size},{Offset},{Packed},{Method},{Checksum}"));
    }

    /// <summary>Reads what <see cref="In"/> wrote.</summary>
    /// <returns>The archive and the entry; null if the object is not in an archive.</returns>
    public static (StoredObject Archive, ArchiveEntry Entry)? Of(StoredObject stored)
    {
        int mark = stored.Stamp.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0) return null;
        long[] numbers = Array.ConvertAll(
            stored.Stamp[(mark + Mark.Length)..].Split(','),
            n => long.Parse(n, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        int length = (int)numbers[0];
        return (
            new StoredObject(stored.Key[..length], numbers[1], stored.Stamp[..mark]),
            new ArchiveEntry(stored.Key[(length + 1)..], numbers[2], numbers[3], stored.Size, (int)numbers[4], (uint)numbers[5]));
    }
}
