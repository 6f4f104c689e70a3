using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Swan.MLNet.Search;

/// <summary>The keys of a segment's rows, and the way from a key to its row.</summary>
/// <remarks>
/// Four parts: <c>key-offsets</c>, N + 1 × int32, where each key begins in <c>key-bytes</c>, UTF-8; <c>key-hashes</c>, N × uint64, the
/// keys' XXH3 rising, equal ones by row; <c>key-rows</c>, N × int32, the row of each. All numbers are little-endian. No key is there
/// twice. Safe for concurrent use.
/// </remarks>
internal sealed class SegmentKeys
{
    public const string OffsetsPart = "key-offsets", BytesPart = "key-bytes", HashesPart = "key-hashes", RowsPart = "key-rows";

    private readonly SegmentPart _offsets, _bytes, _hashes, _rows;
    private readonly int _count;
    private readonly Func<string, SwanFormatException> _damaged;

    /// <param name="count">Rows.</param>
    /// <param name="part">Gives a part of the segment.</param>
    /// <param name="damaged">Makes the error.</param>
    /// <exception cref="SwanFormatException">A part is missing or of another length.</exception>
    public SegmentKeys(int count, Func<string, long, SegmentPart> part, Func<string, SwanFormatException> damaged)
    {
        (_count, _damaged) = (count, damaged);
        _offsets = part(OffsetsPart, 4 * ((long)count + 1));
        _bytes = part(BytesPart, -1);
        _hashes = part(HashesPart, 8 * (long)count);
        _rows = part(RowsPart, 4 * (long)count);
    }

    /// <summary>What keys are looked up by.</summary>
    public static ulong Hash(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key);

    /// <summary>Writes the four parts.</summary>
    public static void Write(SegmentFile file, RowSource rows)
    {
        var order = new (ulong Hash, int Row)[rows.Count];
        file.Part(OffsetsPart, PartPlace.DefaultChunk, stream =>
        {
            int end = 0;
            WriteInt32(stream, 0);
            for (int row = 0; row < rows.Count; row++)
            {
                order[row] = (rows.Hash(row), row);
                WriteInt32(stream, end = checked(end + rows.Key(row).Length));
            }
        });
        file.Part(BytesPart, PartPlace.DefaultChunk, stream =>
        {
            for (int row = 0; row < rows.Count; row++) stream.Write(rows.Key(row));
        });
        Array.Sort(order);
        file.Part(HashesPart, PartPlace.DefaultChunk, stream =>
        {
            Span<byte> bytes = stackalloc byte[8];
            foreach ((ulong hash, _) in order)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, hash);
                stream.Write(bytes);
            }
        });
        file.Part(RowsPart, PartPlace.DefaultChunk, stream =>
        {
            foreach ((_, int row) in order) WriteInt32(stream, row);
        });
    }

    /// <summary>The key of a row as UTF-8.</summary>
    /// <exception cref="SwanFormatException">The segment is damaged.</exception>
    public ReadOnlySpan<byte> Utf8(int row)
    {
        ReadOnlySpan<byte> ends = _offsets.Read(4L * row, 8);
        int start = BinaryPrimitives.ReadInt32LittleEndian(ends), end = BinaryPrimitives.ReadInt32LittleEndian(ends[4..]);
        return start >= 0 && end > start && end <= _bytes.Length
            ? _bytes.Read(start, end - start)
            : throw _damaged($"claims that the key of its row {row:N0} goes from byte {start:N0} to {end:N0} of {_bytes.Length:N0}");
    }

    /// <summary>The key of a row.</summary>
    /// <exception cref="SwanFormatException">The segment is damaged.</exception>
    public string Text(int row)
    {
        try
        {
            return SwanIndexBuilder.Utf8.GetString(Utf8(row));
        }
        catch (DecoderFallbackException)
        {
            throw _damaged($"has a key that is not UTF-8, of its row {row:N0}");
        }
    }

    /// <summary>The hash of a row that is <paramref name="place"/>th by hash, and the row.</summary>
    public (ulong Hash, int Row) ByHash(int place) => (HashAt(place), RowAt(place));

    /// <summary>The row that has a key, deleted or not.</summary>
    /// <param name="key">As UTF-8.</param>
    /// <param name="hash">Its <see cref="Hash"/>.</param>
    /// <returns>-1 where no row has it.</returns>
    /// <exception cref="SwanFormatException">The segment is damaged.</exception>
    public int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        for (int place = First(hash); place < _count && HashAt(place) == hash; place++)
        {
            int row = RowAt(place);
            if (Utf8(row).SequenceEqual(key)) return row;
        }
        return -1;
    }

    // The first place whose hash is not below. Hashes are even, so a guess by size is nearly right; halving ends what it begins.
    private int First(ulong hash)
    {
        int low = 0, high = _count;
        for (int guess = 0; guess < 3 && high - low > 64; guess++)
        {
            ulong first = HashAt(low), last = HashAt(high - 1);
            if (hash <= first) return low;
            if (hash > last) return high;
            double share = (double)(hash - first) / (last - first);
            int at = low + (int)(share * (high - 1 - low)), around = (int)Math.Sqrt(high - low) + 8;
            int from = Math.Max(low, at - around), to = Math.Min(high - 1, at + around);
            if (HashAt(from) < hash) low = from + 1;
            else high = from;
            if (to >= low && to < high)
            {
                if (HashAt(to) < hash) low = to + 1;
                else high = to;
            }
        }
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (HashAt(middle) < hash) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private ulong HashAt(int place) => BinaryPrimitives.ReadUInt64LittleEndian(_hashes.Read(8L * place, 8));

    private int RowAt(int place)
    {
        int row = BinaryPrimitives.ReadInt32LittleEndian(_rows.Read(4L * place, 4));
        return (uint)row < (uint)_count ? row : throw _damaged($"claims a row {row:N0} of {_count:N0} in its part '{RowsPart}'");
    }

    private static void WriteInt32(Stream stream, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }
}
