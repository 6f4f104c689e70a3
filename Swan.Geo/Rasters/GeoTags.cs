using System.Text;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>The entries of a GeoTIFF's directory that place it on the earth, as they lie in the file.</summary>
/// <remarks>Source: OGC GeoTIFF standard 1.1 (OGC 19-008r4), clause 7.</remarks>
/// <param name="PixelScale">ModelPixelScaleTag (33550): ScaleX, ScaleY, ScaleZ; null where there is none.</param>
/// <param name="TiePoints">ModelTiepointTag (33922): six numbers a point; null where there are none.</param>
/// <param name="Matrix">ModelTransformationTag (34264): 16 numbers, row by row; null where there is none.</param>
/// <param name="Keys">GeoKeyDirectoryTag (34735), its header included; null where there is none.</param>
/// <param name="KeyDoubles">GeoDoubleParamsTag (34736); null where there is none.</param>
/// <param name="KeyTexts">GeoAsciiParamsTag (34737), texts that end with '|'; null where there is none.</param>
internal sealed record GeoTags(
    double[]? PixelScale, double[]? TiePoints, double[]? Matrix, ushort[]? Keys, double[]? KeyDoubles, string? KeyTexts)
{
    public const int PixelScaleTag = 33550, TiePointsTag = 33922, MatrixTag = 34264, KeysTag = 34735, KeyDoublesTag = 34736,
        KeyTextsTag = 34737, RpcTag = 50844;

    // Far more than any file needs: a directory of keys has a few dozen, a scene with ground control a few hundred points.
    private const int MostNumbers = 65_536;

    /// <summary>Reads those of a TIFF's first directory.</summary>
    public static GeoTags Read(TiffDirectory directory)
    {
        return new(
            Doubles(PixelScaleTag), Doubles(TiePointsTag), Doubles(MatrixTag),
            directory.Has(KeysTag) ? Array.ConvertAll(directory.Numbers(KeysTag, 0, MostNumbers), n => (ushort)n) : null,
            Doubles(KeyDoublesTag),
            directory.Has(KeyTextsTag) ? Encoding.Latin1.GetString(directory.Bytes(KeyTextsTag, MostNumbers)).TrimEnd('\0') : null);

        double[]? Doubles(int tag) => directory.Has(tag) ? directory.Doubles(tag, MostNumbers) : null;
    }
}
