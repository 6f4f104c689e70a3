using System.Buffers.Binary;

namespace Swan.Batch.Archives;

/// <summary>Where a zip's directory is.</summary>
/// <param name="Offset">As the archive says.</param>
/// <param name="Entries">How many files and folders it has.</param>
/// <param name="Shift">How many bytes stand before the archive, as in programs that unpack themselves.</param>
internal sealed record ZipDirectory(long Offset, long Entries, long Shift)
{
    private const uint End = 0x06054b50, WideLocator = 0x07064b50, WideEnd = 0x06064b50;
    private const int EndSize = 22, LocatorSize = 20, WideEndSize = 56, LongestComment = ushort.MaxValue;

    /// <summary>Finds it.</summary>
    /// <returns>Null where it is no zip.</returns>
    public static async Task<ZipDirectory?> FindAsync(Stream zip, CancellationToken cancellation)
    {
        int length = (int)Math.Min(zip.Length, EndSize + LongestComment + LocatorSize + WideEndSize);
        byte[] tail = new byte[length];
        long start = zip.Length - length;
        zip.Position = start;
        await zip.ReadExactlyAsync(tail, cancellation).ConfigureAwait(false);
        for (int at = length - EndSize; at >= 0; at--)
        {
            if (U32(tail, at) != End || at + EndSize + U16(tail, at + 20) != length) continue;
            int locator = at - LocatorSize;
            if (locator >= 0 && U32(tail, locator) == WideLocator)
                return await WideAsync(zip, U64(tail, locator + 8), start + locator, cancellation).ConfigureAwait(false);
            long size = U32(tail, at + 12), offset = U32(tail, at + 16), shift = start + at - size - offset;
            return shift < 0 ? null : new ZipDirectory(offset, U16(tail, at + 10), shift);
        }
        return null;
    }

    private static async Task<ZipDirectory?> WideAsync(Stream zip, long offset, long locator, CancellationToken cancellation)
    {
        // Bytes before the archive move the record, too; it stands just before its locator where nothing was added to it.
        foreach (long at in (long[])[offset, locator - WideEndSize])
        {
            if (at < 0 || at > zip.Length - WideEndSize) continue;
            byte[] end = new byte[WideEndSize];
            zip.Position = at;
            await zip.ReadExactlyAsync(end, cancellation).ConfigureAwait(false);
            if (U32(end, 0) == WideEnd) return new ZipDirectory(U64(end, 48), U64(end, 32), at - offset);
        }
        return null;
    }

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long U64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
