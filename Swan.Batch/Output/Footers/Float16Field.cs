using System.Buffers.Binary;
using Parquet.Schema;

namespace Swan.Batch.Output;

/// <summary>Columns of float16 on their way through Parquet.Net 6.1, which doesn't know them.</summary>
internal static class Float16Field
{
    // As many digits as two bytes hold.
    private const int Digits = 4;

    /// <summary>The field that is written: a decimal of two bytes, until the footer is corrected.</summary>
    public static DataField Create(string name) => new DecimalDataField(name, Digits, 0, forceByteArrayEncoding: true);

    /// <summary>Whether a field is one that <see cref="Create"/> made, or one of a file that <see cref="RowsFile"/> has opened.</summary>
    public static bool Is(Field field) => field is DecimalDataField { Precision: Digits, ForceByteArrayEncoding: true }
        || field.SchemaElement is { TypeLength: 2, LogicalType.BSON: not null };

    /// <summary>Whether a leaf of a footer is one that <see cref="Create"/> made.</summary>
    public static bool IsWritten(ThriftStruct leaf) => leaf[2] is 2L && leaf[8] is (long)Digits;

    /// <summary>The decimal whose bytes are the value's.</summary>
    public static decimal ToDecimal(Half value) => BinaryPrimitives.ReverseEndianness(BitConverter.HalfToInt16Bits(value));
}
