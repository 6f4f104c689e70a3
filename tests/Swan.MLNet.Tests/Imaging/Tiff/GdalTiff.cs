using System.Globalization;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>A file that GDAL wrote, and its pixels as GDAL reads them.</summary>
internal sealed record GdalTiff(string Folder, string Name, int Width, int Height, int Bands, string Type, int Tolerance)
{
    public static GdalTiff Parse(string folder, string line)
    {
        string[] parts = line.Split('|');
        int Number(int part) => int.Parse(parts[part], CultureInfo.InvariantCulture);
        return new(folder, parts[0], Number(1), Number(2), Number(3), parts[4], Number(5));
    }

    public string File => System.IO.Path.Combine(Folder, Name);

    /// <summary>The whole image, pixel by pixel.</summary>
    public byte[] Pixels => System.IO.File.ReadAllBytes(File + ".raw");

    public TiffSampleType SampleType => Type switch
    {
        "uint8" => TiffSampleType.Byte,
        "uint16" => TiffSampleType.UInt16,
        "int16" => TiffSampleType.Int16,
        "uint32" => TiffSampleType.UInt32,
        "int32" => TiffSampleType.Int32,
        "float32" => TiffSampleType.Single,
        "float64" => TiffSampleType.Double,
        _ => throw new InvalidOperationException($"{Name} has samples of the type {Type}."),
    };

    public int[] AllBands => [.. Enumerable.Range(0, Bands)];

    /// <summary>How far samples of a window are off, at most; null where the window has another shape or type.</summary>
    public double? Difference(TiffWindow window, PixelWindow at, int[] bands, byte[] pixels)
    {
        if (window.Type != SampleType || (window.Width, window.Height, window.Bands) != (at.Width, at.Height, bands.Length)) return null;
        int size = SampleType.Bytes();
        double most = 0;
        var ours = new double[at.Width];
        var theirs = new double[at.Width];
        for (int y = 0; y < at.Height; y++)
        {
            for (int b = 0; b < bands.Length; b++)
            {
                window.Row(y, b).CopyTo<double>(ours);
                int first = (((at.Y + y) * Width + at.X) * Bands + bands[b]) * size;
                new TiffRow(pixels.AsSpan(first), Bands * size, at.Width, SampleType).CopyTo<double>(theirs);
                for (int x = 0; x < at.Width; x++)
                {
                    if (ours[x].Equals(theirs[x])) continue; // infinities and NaN, too
                    double off = Math.Abs(ours[x] - theirs[x]);
                    most = Math.Max(most, double.IsNaN(off) ? double.PositiveInfinity : off);
                }
            }
        }

        return most;
    }
}
