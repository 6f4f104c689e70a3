namespace Swan.MLNet.Imaging;

/// <summary>An entry of a TIFF's directory.</summary>
/// <param name="Type">The type of its values, 1 (BYTE) to 18 (IFD8).</param>
/// <param name="Count">How many they are.</param>
/// <param name="Offset">Where they lie in the file, within it.</param>
internal readonly record struct TiffEntry(int Type, long Count, long Offset)
{
    public const int Byte = 1, Ascii = 2, Short = 3, Long = 4, Rational = 5, SByte = 6, Undefined = 7, SShort = 8, SLong = 9,
        SRational = 10, Float = 11, Double = 12, Ifd = 13, Long8 = 16, SLong8 = 17, Ifd8 = 18;

    /// <summary>Bytes of one value; 0 where the type is not defined.</summary>
    public static int Bytes(int type) => type < TypeBytes.Length ? TypeBytes[type] : 0;

    /// <summary>Its values are unsigned whole numbers.</summary>
    public bool IsUnsigned => Type is Byte or Undefined or Short or Long or Ifd or Long8 or Ifd8;

    private static ReadOnlySpan<byte> TypeBytes => [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];
}
