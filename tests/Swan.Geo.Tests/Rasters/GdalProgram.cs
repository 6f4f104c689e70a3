using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swan.Geo.Tests.Rasters;

/// <summary>Programs of GDAL and OGR, as judges; a test that asks for one is skipped where it isn't installed.</summary>
internal static class GdalProgram
{
    /// <summary>Runs a program, which must succeed without a warning.</summary>
    public static string Run(string program, params string[] arguments)
    {
        try
        {
            (int code, string output, string errors) = ChildProcess.Finish(program, arguments);
            Assert.True(code == 0 && errors.Length == 0, $"{program} {string.Join(' ', arguments)}: {code}\n{errors}\n{output}");
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"There is no {program}: install Debian's gdal-bin to have it judge the files.");
            throw;
        }
    }

    public static JsonNode Info(string path, params string[] options) =>
        JsonNode.Parse(Run("gdalinfo", ["-json", .. options, path]))!;

    /// <summary>A number, which gdalinfo writes as a string where JSON has none.</summary>
    public static double Number(JsonNode? node) => node!.GetValueKind() == JsonValueKind.String
        ? double.Parse(node.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
        : node.GetValue<double>();

    /// <summary>The six numbers of GDAL's geotransform.</summary>
    public static double[] Transform(string path) => [.. Info(path)["geoTransform"]!.AsArray().Select(Number)];

    /// <summary>All samples as GDAL reads them, row by row, pixel by pixel, band by band, in this machine's byte order.</summary>
    public static byte[] Samples(string path)
    {
        string raw = path + ".bip";
        Run("gdal_translate", "-q", "-of", "ENVI", "-co", "INTERLEAVE=BIP", path, raw);
        return File.ReadAllBytes(raw);
    }
}
