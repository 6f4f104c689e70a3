namespace Swan.MLNet.Imaging;

/// <summary>Sizes of sample types.</summary>
internal static class TiffSampleTypes
{
    /// <summary>Bytes of a sample: 1, 2, 4 or 8.</summary>
    public static int Bytes(this TiffSampleType type) => type switch
    {
        TiffSampleType.Byte or TiffSampleType.SByte => 1,
        TiffSampleType.UInt16 or TiffSampleType.Int16 => 2,
        TiffSampleType.Double => 8,
        _ => 4,
    };
}
