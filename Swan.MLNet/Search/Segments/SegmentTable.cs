using System.Buffers.Binary;
using System.Text;

namespace Swan.MLNet.Search;

/// <summary>A segment's description of itself: its first page, and the table of its parts at its end.</summary>
/// <remarks>
/// All numbers are little-endian.
/// <code>
/// first page                               table, behind the last part
///    0  8 bytes  "SWANSEGM"                for each part:
///    8  int32    format version, 1           int32  bytes of its name, then the name as UTF-8
///   12  int32    rows N                      int64  offset in the file, a multiple of 4,096
///   16  int32    D                           int32  length in bytes
///   20  int32    stride: values a row        int32  bytes of a chunk
///   24  int32    number of parts             16 bytes for each chunk: XXH128
///   28  int32    0
///   32  int64    offset of the table
///   40  int32    bytes of the table
///   44  int32    0
///   48  16 bytes XXH128 of the table
///   64           zeros
/// 4080  16 bytes XXH128 of the 4,080 bytes before: the manifest has it, too
/// </code>
/// Parts follow each other from the second page on, each filled up with zeros to whole pages, which its last chunk covers.
/// </remarks>
internal sealed record SegmentTable(int Rows, int EmbeddingSize, int Stride, IReadOnlyList<PartPlace> Parts)
{
    private const int Version = 1, MaxTable = 64 << 20, MaxName = 256, MaxParts = 100_000, ChecksumAt = PartPlace.Page - Checksum.Bytes;

    private static ReadOnlySpan<byte> Magic => "SWANSEGM"u8;

    /// <summary>The longest row, in values.</summary>
    public const int MaxStride = 65_536;

    /// <summary>Writes the table where a file ends, and then its first page.</summary>
    /// <returns>The checksum of the first page.</returns>
    public UInt128 Write(Stream file)
    {
        if (Parts.Count > MaxParts)
            throw new InvalidOperationException($"A segment has at most {MaxParts:N0} parts, but this one would have {Parts.Count:N0}.");
        using var table = new MemoryStream();
        using (var writer = new BinaryWriter(table, Encoding.UTF8, leaveOpen: true))
        {
            Span<byte> checksum = stackalloc byte[Checksum.Bytes];
            foreach (PartPlace part in Parts)
            {
                byte[] name = Encoding.UTF8.GetBytes(part.Name);
                writer.Write(name.Length);
                writer.Write(name);
                writer.Write(part.Offset);
                writer.Write(part.Length);
                writer.Write(part.ChunkLength);
                foreach (UInt128 chunk in part.Checksums)
                {
                    Checksum.Write(checksum, chunk);
                    writer.Write(checksum);
                }
            }
        }
        ReadOnlySpan<byte> bytes = table.GetBuffer().AsSpan(0, (int)table.Length);
        long offset = file.Position;
        file.Write(bytes);
        byte[] page = new byte[PartPlace.Page];
        Magic.CopyTo(page);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(12), Rows);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(16), EmbeddingSize);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(20), Stride);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(24), Parts.Count);
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(32), offset);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(40), bytes.Length);
        Checksum.Write(page.AsSpan(48), Checksum.Of(bytes));
        UInt128 header = Checksum.Of(page.AsSpan(0, ChecksumAt));
        Checksum.Write(page.AsSpan(ChecksumAt), header);
        file.Position = 0;
        file.Write(page);
        return header;
    }

    /// <summary>Reads both, and checks all that later reads rely on.</summary>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="read">Gives some bytes of the file.</param>
    /// <param name="expected">The checksum of the first page that the manifest has; null: any.</param>
    /// <param name="damaged">Makes the error.</param>
    /// <exception cref="SwanFormatException">It is not a segment, is another segment, has another version, or is damaged.</exception>
    public static SegmentTable Read(
        long length, Func<long, int, ReadOnlyMemory<byte>> read, UInt128? expected, Func<string, SwanFormatException> damaged)
    {
        if (length < PartPlace.Page) throw damaged($"has {length:N0} bytes, fewer than one page");
        ReadOnlySpan<byte> page = read(0, PartPlace.Page).Span;
        if (!page.StartsWith(Magic)) throw damaged("is not a segment: it doesn't begin with 'SWANSEGM'");
        UInt128 header = Checksum.Of(page[..ChecksumAt]);
        if (header != Checksum.Read(page[ChecksumAt..])) throw damaged("has changed bytes in its first page");
        if (expected is { } named && named != header) throw damaged("is not the segment that the manifest names");
        int version = Int32(page, 8), rows = Int32(page, 12), size = Int32(page, 16), stride = Int32(page, 20), parts = Int32(page, 24);
        if (version != Version) throw damaged($"has format version {version}, but this version of Swan.MLNet reads version {Version}");
        long offset = BinaryPrimitives.ReadInt64LittleEndian(page[32..]);
        int tableLength = Int32(page, 40);
        if (rows < 0 || size < 1 || stride < size || stride > MaxStride || parts is < 0 or > MaxParts || tableLength is < 0 or > MaxTable
            || offset < PartPlace.Page || offset > length - tableLength || offset + tableLength != length)
        {
            throw damaged(
                $"claims {rows:N0} rows of {size:N0} values {stride:N0} apart, and {parts:N0} parts in a table of {tableLength:N0} bytes "
                + $"at byte {offset:N0} of {length:N0}");
        }
        ReadOnlySpan<byte> table = read(offset, tableLength).Span;
        if (Checksum.Of(table) != Checksum.Read(page[48..])) throw damaged("has changed bytes in its table of parts");
        return new SegmentTable(rows, size, stride, ReadParts(table, parts, offset, damaged));
    }

    private static List<PartPlace> ReadParts(
        ReadOnlySpan<byte> table, int count, long tableOffset, Func<string, SwanFormatException> damaged)
    {
        var parts = new List<PartPlace>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        long next = PartPlace.Page;
        for (int i = 0; i < count; i++)
        {
            if (table.Length < 4 || Int32(table, 0) is var name && (name is < 1 or > MaxName || table.Length < 4 + name + 16))
                throw damaged($"has a table of parts that ends within part {i}");
            string text = Encoding.UTF8.GetString(table.Slice(4, name));
            table = table[(4 + name)..];
            long offset = BinaryPrimitives.ReadInt64LittleEndian(table);
            int length = Int32(table, 8), chunk = Int32(table, 12);
            table = table[16..];
            if (offset != next || length is < 0 or > PartPlace.MaxLength || chunk < PartPlace.Page
                || offset + PartPlace.Padded(length) > tableOffset || !names.Add(text))
            {
                throw damaged($"claims a part '{text}' of {length:N0} bytes at byte {offset:N0}, in chunks of {chunk:N0} bytes");
            }
            int chunks = PartPlace.Chunks(length, chunk);
            if (table.Length < (long)chunks * Checksum.Bytes) throw damaged($"has a table of parts that ends within part {i}");
            var checksums = new UInt128[chunks];
            for (int c = 0; c < chunks; c++) checksums[c] = Checksum.Read(table[(c * Checksum.Bytes)..]);
            table = table[(chunks * Checksum.Bytes)..];
            parts.Add(new PartPlace(text, offset, length, chunk, checksums));
            next = offset + PartPlace.Padded(length);
        }
        return table.IsEmpty && next == tableOffset ? parts : throw damaged("has a table that doesn't match its parts");
    }

    private static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
}
