using System.Buffers.Binary;

namespace Swan.MLNet.Imaging;

/// <summary>How a TIFF writes numbers, and how wide its offsets are.</summary>
/// <param name="Little">Lowest byte first.</param>
/// <param name="Big">BigTIFF: offsets and counts of 8 bytes.</param>
internal readonly record struct TiffByteOrder(bool Little, bool Big)
{
    public int OffsetBytes => Big ? 8 : 4;

    public int EntryBytes => Big ? 20 : 12;

    public int EntryCountBytes => Big ? 8 : 2;

    /// <summary>An unsigned number of 1, 2, 4 or 8 bytes.</summary>
    public ulong Number(ReadOnlySpan<byte> from, int bytes) => (bytes, Little) switch
    {
        (1, _) => from[0],
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(from),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(from),
        (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(from),
        (4, false) => BinaryPrimitives.ReadUInt32BigEndian(from),
        (_, true) => BinaryPrimitives.ReadUInt64LittleEndian(from),
        _ => BinaryPrimitives.ReadUInt64BigEndian(from),
    };
}
