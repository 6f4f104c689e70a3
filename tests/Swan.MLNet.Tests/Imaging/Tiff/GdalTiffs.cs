using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging;

/// <summary>TIFFs that GDAL writes, and what it reads of them, made once for a class of tests (gdal-tiffs.py).</summary>
public sealed class GdalTiffs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<(List<GdalTiff> Files, string? Missing)> _made;

    public GdalTiffs() => _made = new(Make);

    /// <summary>All files; the test that asks is skipped where there is no GDAL.</summary>
    internal IReadOnlyList<GdalTiff> Files
    {
        get
        {
            Assert.SkipWhen(_made.Value.Missing is not null, _made.Value.Missing ?? "");
            return _made.Value.Files;
        }
    }

    internal GdalTiff this[string name] => Files.Single(f => f.Name == name);

    internal string Path(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    private (List<GdalTiff>, string?) Make()
    {
        using (Stream script = Assembly.GetExecutingAssembly().GetManifestResourceStream("gdal-tiffs.py")!)
        using (FileStream file = File.Create(Path("gdal-tiffs.py"))) script.CopyTo(file);
        // Debian's own Python has Debian's rasterio; another one that comes first in the path may not.
        string python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, [Path("gdal-tiffs.py"), _folder.FullName])
            {
                RedirectStandardError = true,
            })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (errors.Contains("ModuleNotFoundError", StringComparison.Ordinal))
                return ([], "Python has no rasterio: install Debian's python3-rasterio to compare with GDAL.");
            Assert.True(process.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return ([], "There is no Python: install Debian's python3-rasterio to compare with GDAL.");
        }
        return ([.. File.ReadAllLines(Path("files.txt")).Select(line => GdalTiff.Parse(_folder.FullName, line))], null);
    }
}

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
