using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Swan.Geo.Coordinates;

/// <summary>The EPSG registry's coordinate systems that build/epsg-table.cs found equal to GDAL's, and why others are left out.</summary>
/// <remarks>
/// Lines of code, name and definition, divided by tabs; in place of a definition, '!' and the reason's letter. The names and parameters
/// are those of npm's package epsg-index.
/// </remarks>
internal static class EpsgTable
{
    public const string ResourceName = "epsg-table.br";

    private static readonly Lazy<string> Text = new(Read);

    /// <summary>A code's name and either its definition or why it has none; null where the table lacks the code.</summary>
    public static (string Name, ProjectionDefinition? Definition, string? Obstacle)? Find(int code)
    {
        string text = Text.Value, start = string.Create(CultureInfo.InvariantCulture, $"\n{code}\t");
        int at = text.IndexOf(start, StringComparison.Ordinal);
        if (at < 0) return null;
        at += start.Length;
        string[] parts = text[at..text.IndexOf('\n', at)].Split('\t');
        return parts[1][0] == '!'
            ? (parts[0], null, Obstacle(parts[1][1]))
            : (parts[0], ProjectionDefinition.Parse(parts[1]), null);
    }

    private static string Obstacle(char reason) => reason switch
    {
        'g' => "its datum needs a grid of shifts, which is not supported",
        's' => "several shifts lead from its datum to WGS 84, and the right one depends on the place",
        'u' => "the shift from its datum to WGS 84 is unknown",
        'p' => "its map projection is not supported",
        'v' => "it has heights only",
        'k' => "it is neither geographic nor projected",
        _ => "the result computed here differs from GDAL's by more than 0.1 m",
    };

    private static string Read()
    {
        using Stream resource = typeof(EpsgTable).Assembly.GetManifestResourceStream(ResourceName)!;
        using var reader = new StreamReader(new BrotliStream(resource, CompressionMode.Decompress), Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
