namespace Swan.MLNet.Imaging;

/// <summary>The types that a TIFF's samples come in.</summary>
/// <remarks>
/// Unsigned samples that do not fill their type keep their values: a 12-bit sample is a <see cref="UInt16"/> from 0 to 4095. Floats of
/// 16 bits come as <see cref="Single"/>.
/// </remarks>
internal enum TiffSampleType
{
    /// <summary>Unsigned, 1 to 8 bits.</summary>
    Byte,

    /// <summary>Signed, 8 bits.</summary>
    SByte,

    /// <summary>Unsigned, 9 to 16 bits.</summary>
    UInt16,

    /// <summary>Signed, 16 bits.</summary>
    Int16,

    /// <summary>Unsigned, 17 to 32 bits without 24.</summary>
    UInt32,

    /// <summary>Signed, 32 bits.</summary>
    Int32,

    /// <summary>Float of 16 or 32 bits.</summary>
    Single,

    /// <summary>Float of 64 bits.</summary>
    Double,
}
