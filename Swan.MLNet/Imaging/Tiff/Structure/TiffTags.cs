namespace Swan.MLNet.Imaging;

/// <summary>Numbers of the entries that are read.</summary>
internal static class TiffTags
{
    public const int NewSubfileType = 254, ImageWidth = 256, ImageLength = 257, BitsPerSample = 258, Compression = 259, Photometric = 262,
        FillOrder = 266, StripOffsets = 273, Orientation = 274, SamplesPerPixel = 277, RowsPerStrip = 278, StripByteCounts = 279,
        PlanarConfiguration = 284, T4Options = 292, T6Options = 293, Predictor = 317, ColorMap = 320, TileWidth = 322, TileLength = 323,
        TileOffsets = 324, TileByteCounts = 325, SubIfds = 330, ExtraSamples = 338, SampleFormat = 339, SMinSampleValue = 340,
        SMaxSampleValue = 341, JpegTables = 347, YCbCrCoefficients = 529, YCbCrSubsampling = 530, ReferenceBlackWhite = 532,
        GdalMetadata = 42112, GdalNoData = 42113;

    /// <summary>Something here reads it.</summary>
    public static bool IsRead(int tag) => tag is NewSubfileType or ImageWidth or ImageLength or BitsPerSample or Compression or Photometric
        or FillOrder or StripOffsets or Orientation or SamplesPerPixel or RowsPerStrip or StripByteCounts or PlanarConfiguration
        or T4Options or T6Options or Predictor or ColorMap or TileWidth or TileLength or TileOffsets or TileByteCounts or SubIfds
        or ExtraSamples or SampleFormat or SMinSampleValue or SMaxSampleValue or JpegTables or YCbCrCoefficients or YCbCrSubsampling
        or ReferenceBlackWhite or GdalMetadata or GdalNoData;

    /// <summary>It has one whole number that decides how pixels lie in the file.</summary>
    public static bool IsSide(int tag) =>
        tag is ImageWidth or ImageLength or SamplesPerPixel or RowsPerStrip or PlanarConfiguration or TileWidth or TileLength;

    /// <summary>It says where strips or tiles lie, or how long they are.</summary>
    public static bool IsChunkList(int tag) => tag is StripOffsets or StripByteCounts or TileOffsets or TileByteCounts;
}
