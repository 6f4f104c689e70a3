using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace Swan.Benchmarks.Ranges;

/// <summary>Writes deep pictures as TIFF.</summary>
internal static class DeepFile
{
    /// <summary>A TIFF of three bands, not compressed.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bits">16 or 32.</param>
    /// <param name="format">1 unsigned, 2 signed, 3 float of 32 bits.</param>
    /// <param name="sample">The sample in a column, by its number in the picture.</param>
    public static byte[] Write(int width, int height, int bits, int format, Func<int, int, double> sample)
    {
        using var stream = new MemoryStream();
        using Tiff tiff = Tiff.ClientOpen("deep", "w", stream, new TiffStream());
        tiff.SetField(TiffTag.IMAGEWIDTH, width);
        tiff.SetField(TiffTag.IMAGELENGTH, height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, 3);
        tiff.SetField(TiffTag.SAMPLEFORMAT, (SampleFormat)format);
        tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.RGB);
        tiff.SetField(TiffTag.PLANARCONFIG, PlanarConfig.CONTIG);
        tiff.SetField(TiffTag.ROWSPERSTRIP, height);
        byte[] row = new byte[width * 3 * bits / 8];
        for (int y = 0; y < height; y++)
        {
            for (int i = 0; i < width * 3; i++) Put(row, i, bits, format, sample(i / 3, y * width * 3 + i));
            tiff.WriteScanline(row, y);
        }
        tiff.WriteDirectory();
        return stream.ToArray();
    }

    private static void Put(Span<byte> row, int i, int bits, int format, double value)
    {
        if (format == 3) MemoryMarshal.Cast<byte, float>(row)[i] = (float)value;
        else if (bits == 16) MemoryMarshal.Cast<byte, ushort>(row)[i] = unchecked((ushort)(int)value);
        else MemoryMarshal.Cast<byte, uint>(row)[i] = (uint)value;
    }
}
