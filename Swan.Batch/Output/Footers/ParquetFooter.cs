using System.Buffers.Binary;

namespace Swan.Batch.Output;

/// <summary>The footer of a Parquet file, for what Parquet.Net 6.1 can't write or read.</summary>
/// <remarks>Names of fields are those of parquet.thrift.</remarks>
/// <param name="start">Where it begins.</param>
/// <param name="file">FileMetaData.</param>
internal sealed class ParquetFooter(long start, ThriftStruct file)
{
    // Of LogicalType.
    private const short TimestampType = 8, BsonType = 13, Float16Type = 15;

    private const int TailBytes = 8;

    // Of a page's header, and of its statistics: some dozen numbers, and values of a column of numbers.
    private const int MostHeaderBytes = 4096;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Where it begins.</summary>
    public long Start => start;

    /// <summary>The leaves of the schema, in the order of a row group's columns.</summary>
    public IEnumerable<ThriftStruct> Leaves => file.StructsAt(2).Where(element => element[1] is not null);

    /// <summary>Reads the footer of a stream that can seek; null where it has none.</summary>
    public static async Task<byte[]?> ReadBytesAsync(Stream stream, CancellationToken cancellation)
    {
        if (stream.Length < 2 * TailBytes) return null;
        byte[] tail = new byte[TailBytes];
        stream.Position = stream.Length - TailBytes;
        await stream.ReadExactlyAsync(tail, cancellation).ConfigureAwait(false);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!tail.AsSpan(4).SequenceEqual(Magic) || length > stream.Length - 2 * TailBytes || length > Array.MaxLength) return null;
        byte[] bytes = new byte[length];
        stream.Position = stream.Length - TailBytes - length;
        await stream.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>The footer that such bytes are.</summary>
    /// <exception cref="InvalidDataException">They are not a footer.</exception>
    public static ParquetFooter Parse(Stream stream, ReadOnlySpan<byte> bytes) =>
        new(stream.Length - TailBytes - bytes.Length, ThriftStruct.Read(bytes, out _));

    /// <summary>Its bytes, and those behind it.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = file.ToBytes(), all = new byte[bytes.Length + TailBytes];
        bytes.CopyTo(all, 0);
        BinaryPrimitives.WriteInt32LittleEndian(all.AsSpan(bytes.Length), bytes.Length);
        Magic.CopyTo(all.AsSpan(bytes.Length + 4));
        return all;
    }

    /// <summary>Whether a leaf's values are float16, as files say it.</summary>
    public static bool IsFloat16(ThriftStruct leaf) => leaf.StructAt(10)?.StructAt(Float16Type) is not null;

    /// <summary>Gives a leaf another annotation.</summary>
    public static void SetFloat16(ThriftStruct leaf)
    {
        // What it was written as: converted_type, scale, precision.
        foreach (short id in (short[])[6, 7, 8]) leaf.Remove(id);
        Annotate(leaf, Float16Type);
    }

    /// <summary>Has Parquet.Net take the values as bytes; nothing else has two bytes of BSON.</summary>
    public static void SetBytes(ThriftStruct leaf) => Annotate(leaf, BsonType);

    /// <summary>How many units of a leaf's times a millisecond has; null where it has no times, or they are milliseconds.</summary>
    public static long? UnitsOfMillisecond(ThriftStruct leaf) => leaf.StructAt(10)?.StructAt(TimestampType)?.StructAt(2) switch
    {
        { } unit when unit.StructAt(2) is not null => 1_000,
        { } unit when unit.StructAt(3) is not null => 1_000_000,
        _ => null,
    };

    /// <summary>
    /// Changes the least and the largest value that a leaf's columns have, in the footer and in the headers of pages, which keep their
    /// lengths.
    /// </summary>
    /// <param name="stream">The file.</param>
    /// <param name="leaf">Which one, from 0.</param>
    /// <param name="change">Gives those of a row group, from 0, by what is said of them.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task ChangeRangesAsync(
        Stream stream, int leaf, Func<int, (byte[] Least, byte[] Largest), (byte[] Least, byte[] Largest)> change,
        CancellationToken cancellation)
    {
        foreach ((int group, ThriftStruct rows) in file.StructsAt(4).Index())
        {
            if (rows.StructsAt(1).ElementAt(leaf).StructAt(3) is not { } column || column.StructAt(12) is not { } statistics) continue;
            Change(statistics, range => change(group, range));
            // Parquet.Net writes one page a column.
            long at = (long)column[9]!;
            byte[] bytes = new byte[Math.Min(MostHeaderBytes, start - at)];
            stream.Position = at;
            await stream.ReadExactlyAsync(bytes, cancellation).ConfigureAwait(false);
            var header = ThriftStruct.Read(bytes, out int length);
            if (header.StructAt(5)?.StructAt(5) is not { } ofPage) continue;
            Change(ofPage, range => change(group, range));
            byte[] changed = header.ToBytes();
            if (changed.Length != length) throw new InvalidDataException("The header of a page would have another length.");
            stream.Position = at;
            await stream.WriteAsync(changed, cancellation).ConfigureAwait(false);
        }
    }

    // max and min, which are out of use, and max_value and min_value.
    private static void Change(ThriftStruct statistics, Func<(byte[] Least, byte[] Largest), (byte[] Least, byte[] Largest)> change)
    {
        foreach ((short largest, short least) in ((short, short)[])[(1, 2), (5, 6)])
        {
            if (statistics[largest] is not byte[] last || statistics[least] is not byte[] first) continue;
            (first, last) = change((first, last));
            statistics.Put(largest, ThriftStruct.Binary, last);
            statistics.Put(least, ThriftStruct.Binary, first);
        }
    }

    private static void Annotate(ThriftStruct leaf, short type)
    {
        var logical = new ThriftStruct();
        logical.Put(type, ThriftStruct.Struct, new ThriftStruct());
        leaf.Put(10, ThriftStruct.Struct, logical);
    }
}
