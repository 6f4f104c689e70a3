namespace Swan.MLNet.Search;

/// <summary>Where a part of a segment is, and the checksums of its chunks; a row of the segment's table.</summary>
/// <param name="Name">Such as <c>rows</c> or <c>column:date</c>.</param>
/// <param name="Offset">The first byte in the file; the beginning of a page.</param>
/// <param name="Length">Bytes. Zeros fill up the last page.</param>
/// <param name="ChunkLength">Bytes in each chunk but the last, which ends with the last page.</param>
/// <param name="Checksums">One for each chunk, the zeros included.</param>
internal sealed record PartPlace(string Name, long Offset, int Length, int ChunkLength, UInt128[] Checksums)
{
    /// <summary>Parts begin at multiples of it.</summary>
    public const int Page = 4096;

    /// <summary>The most bytes of a part, so its page, too, fits one span.</summary>
    public const int MaxLength = int.MaxValue / Page * Page;

    /// <summary>Bytes of a chunk where a part has no reason for another number.</summary>
    public const int DefaultChunk = 4 << 20;

    /// <summary>Bytes with those that fill up the last page.</summary>
    public int PaddedLength => Padded(Length);

    /// <summary>A number of bytes, filled up to whole pages.</summary>
    public static int Padded(int length) => checked((int)(((long)length + Page - 1) / Page * Page));

    /// <summary>How many chunks some bytes have.</summary>
    public static int Chunks(int length, int chunkLength) => (int)(((long)Padded(length) + chunkLength - 1) / chunkLength);
}
