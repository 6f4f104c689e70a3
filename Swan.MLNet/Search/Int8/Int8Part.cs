using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Rows as bytes with what bounds their error, in one piece of memory or of a mapped file.</summary>
/// <remarks>
/// A row x is <c>center[d] + scale * code[d] + e[d]</c>: <c>center</c> is the mean of the part's rows, rounded to float32; <c>code</c> is
/// -127 to 127; and <c>error</c>, which is stored, is at least the length of e. Little-endian, at a multiple of 64 bytes:
/// <code>
/// int32     version, 1
/// int32     D
/// int32     rows
/// float32   largest length of scale * code of any row, rounded up
/// float32   largest length of any row, rounded up
/// float32   largest error of any row
/// 40 bytes  0
/// float32   center[D], then zeros up to a multiple of 64 bytes
/// groups of 64 rows, one after another; the last is filled up with rows that have scale, error and codes 0
/// </code>
/// A group:
/// <code>
/// float32   scale[64]
/// float32   error[64]
/// byte      code[((r / 16) * W + d / 4) * 64 + r % 16 * 4 + d % 4] + 128, W = D / 4 rounded up; values behind D have code 0
/// </code>
/// So 16 rows meet four values of a query at once. A row has 4 W + 8 bytes, 26 % of float32 at D = 257.
/// Rows of a group follow each other, so a block of rows that begins at a multiple of 64 is one range of bytes.
/// </remarks>
internal sealed class Int8Part
{
    /// <summary>Rows of a group.</summary>
    public const int Group = 64;

    /// <summary>Rows whose codes lie together.</summary>
    public const int Panel = 16;

    /// <summary>Bytes of a group before its codes.</summary>
    public const int Lengths = 2 * sizeof(float) * Group;

    /// <summary>Where the center begins.</summary>
    public const int Header = 64;

    private const int Version = 1, Aligned = 64;
    private readonly ReadOnlyMemory<byte> _bytes;

    private Int8Part(ReadOnlyMemory<byte> bytes, int rows, int dimension)
    {
        (_bytes, Rows, Dimension) = (bytes, rows, dimension);
        ReadOnlySpan<byte> header = bytes.Span;
        LargestDecoded = BinaryPrimitives.ReadSingleLittleEndian(header[12..]);
        LargestRow = BinaryPrimitives.ReadSingleLittleEndian(header[16..]);
        LargestError = BinaryPrimitives.ReadSingleLittleEndian(header[20..]);
    }

    /// <summary>Rows of the part.</summary>
    public int Rows { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>At least the length of <c>scale * code</c> of any row.</summary>
    public float LargestDecoded { get; }

    /// <summary>At least the length of any row.</summary>
    public float LargestRow { get; }

    /// <summary>The largest error of any row.</summary>
    public float LargestError { get; }

    /// <summary>D values.</summary>
    public ReadOnlySpan<float> Center => MemoryMarshal.Cast<byte, float>(_bytes.Span.Slice(Header, Dimension * sizeof(float)));

    /// <summary>The bytes of a part.</summary>
    /// <param name="rows">How many rows; 0 is allowed.</param>
    /// <param name="dimension">D.</param>
    public static long Bytes(int rows, int dimension) => Offset((long)rows + Group - 1, dimension);

    /// <summary>Where the bytes of the rows from <paramref name="row"/> on begin in the part.</summary>
    /// <param name="row">Rounded down to a multiple of 64.</param>
    /// <param name="dimension">D.</param>
    public static long Offset(long row, int dimension) =>
        Header + (long)(dimension * sizeof(float) + Aligned - 1) / Aligned * Aligned + row / Group * GroupBytes(dimension);

    /// <summary>Writes the part of some rows; the same rows give the same bytes everywhere.</summary>
    /// <param name="rows">Of about unit length.</param>
    /// <param name="destination">Exactly <see cref="Bytes"/>; every byte is written.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static void Encode(RowBlocks rows, Span<byte> destination, CancellationToken cancellation) =>
        new Int8Encoder(rows, cancellation).Write(destination);

    /// <summary>Reads a part that <see cref="Encode"/> wrote; the bytes must stay and not change.</summary>
    /// <param name="bytes">The part.</param>
    /// <param name="rows">The rows that it must have.</param>
    /// <param name="dimension">The D that it must have.</param>
    /// <exception cref="SwanFormatException">It is none, or one of other rows.</exception>
    public static Int8Part Open(ReadOnlyMemory<byte> bytes, int rows, int dimension)
    {
        ReadOnlySpan<byte> header = bytes.Span;
        if (bytes.Length != Bytes(rows, dimension))
        {
            throw new SwanFormatException(
                $"The part of int8 rows has {bytes.Length:N0} bytes, but {rows:N0} rows of {dimension} values take "
                + $"{Bytes(rows, dimension):N0}. It is damaged.");
        }
        int version = Int(header, 0), itsDimension = Int(header, 4), itsRows = Int(header, 8);
        if (version != Version || itsDimension != dimension || itsRows != rows)
        {
            throw new SwanFormatException(
                $"The part of int8 rows says that it has version {version} and {itsRows:N0} rows of {itsDimension} values; expected "
                + $"version {Version} and {rows:N0} rows of {dimension}. It is damaged, or needs another version of Swan.MLNet.");
        }
        var part = new Int8Part(bytes, rows, dimension);
        return part is { LargestDecoded: >= 0 and < 1e6f, LargestRow: >= 0 and < 1e6f, LargestError: >= 0 and < 1e6f }
            ? part
            : throw new SwanFormatException(
                $"The part of int8 rows has lengths of {part.LargestDecoded}, {part.LargestRow} and {part.LargestError}; expected about 1. "
                + "It is damaged.");
    }

    /// <summary>Some rows.</summary>
    /// <param name="first">A multiple of 64.</param>
    /// <param name="count">How many.</param>
    public Int8Rows Slice(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(first % Group, 0, nameof(first));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, Rows, nameof(count));
        return new Int8Rows(this, first, count);
    }

    /// <summary>The bytes of a group.</summary>
    /// <param name="row">One of its rows.</param>
    public ReadOnlySpan<byte> GroupOf(int row) => _bytes.Span.Slice((int)Offset(row, Dimension), GroupBytes(Dimension));

    /// <summary>Bytes of a group.</summary>
    public static int GroupBytes(int dimension) => Lengths + Group * Words(dimension) * 4;

    /// <summary>Fours of values, filled up.</summary>
    public static int Words(int dimension) => (dimension + 3) / 4;

    /// <summary>Writes what comes before the center.</summary>
    internal static void WriteHeader(Span<byte> destination, int rows, int dimension, float decoded, float row, float error)
    {
        destination[..(int)Offset(0, dimension)].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(destination, Version);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], dimension);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], rows);
        BinaryPrimitives.WriteSingleLittleEndian(destination[12..], decoded);
        BinaryPrimitives.WriteSingleLittleEndian(destination[16..], row);
        BinaryPrimitives.WriteSingleLittleEndian(destination[20..], error);
    }

    private static int Int(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadInt32LittleEndian(header[at..]);
}
