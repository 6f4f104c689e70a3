using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Swan.MLNet.Metadata;

/// <summary>What the parts of all types have in common: little-endian, and every section begins at a multiple of 64 bytes.</summary>
/// <remarks>
/// A bitmap of rows has a bit for each row, row r being bit r mod 64 of the 64-bit word r / 64; bits behind the last row are 0.
/// </remarks>
internal static class ColumnPart
{
    /// <summary>The next multiple of 64.</summary>
    public static long Align(long bytes) => (bytes + 63) & ~63L;

    /// <summary>Bytes of a bitmap of rows, the space to the next section included.</summary>
    public static long BitmapBytes(long rows) => Align((rows + 63) / 64 * sizeof(ulong));

    /// <summary>The values that begin at a byte of a part.</summary>
    public static ReadOnlySpan<T> Values<T>(ReadOnlyMemory<byte> part, long at, int count) where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(part.Span[(int)at..])[..count];

    /// <summary>Refuses a part that has not as many bytes as its rows need.</summary>
    /// <exception cref="SwanFormatException">It has more or fewer.</exception>
    public static void RequireLength(SwanColumn column, int rows, ReadOnlyMemory<byte> part, long expected)
    {
        if (part.Length == expected) return;
        throw Damaged(column, FormattableString.Invariant($"{rows:N0} rows need {expected:N0} bytes, but the part has {part.Length:N0}"));
    }

    public static SwanFormatException Damaged(SwanColumn column, string what) =>
        new($"The column '{column.Name}' ({ColumnValues.Name(column.Type)}) of the index is damaged: {what}. "
            + "No results were returned from it. Restore the index from a copy, or build it again.");

    /// <summary>Writes zeros up to the next section.</summary>
    public static void Pad(Stream stream, long written)
    {
        Span<byte> zeros = stackalloc byte[64];
        zeros.Clear();
        stream.Write(zeros[..(int)(Align(written) - written)]);
    }

    /// <summary>Writes values, and zeros up to the next section.</summary>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values) where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        // A span of bytes has at most int.MaxValue of them, as a part does.
        stream.Write(bytes);
        Pad(stream, bytes.Length);
    }

    /// <summary>A 32-bit integer of a section of integers.</summary>
    public static int Int32(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadInt32LittleEndian(bytes[(index * 4)..]);
}
