using System.Globalization;

namespace Swan.Geo.Coordinates;

/// <summary>A text of six numbers beside a picture that places it on a map: photo.tfw, photo.tifw or photo.wld for photo.tif.</summary>
internal static class WorldFile
{
    private const int MostBytes = 4096;

    /// <summary>The world file beside a picture; null if there is none.</summary>
    public static string? Find(string picture)
    {
        string extension = Path.GetExtension(picture).TrimStart('.');
        string[] endings = extension.Length >= 3
            ? [$"{extension[0]}{extension[^1]}w", extension + "w", "wld"]
            : ["wld"];
        foreach (string ending in endings)
        {
            foreach (string spelled in (string[])[ending, ending.ToUpperInvariant(), ending.ToLowerInvariant()])
            {
                string path = Path.ChangeExtension(picture, spelled);
                if (File.Exists(path)) return path;
            }
        }

        return null;
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="SwanGeoreferenceException">It does not have six numbers.</exception>
    public static PixelTransform Read(string path)
    {
        if (LinkedFile.Of(path)?.Length is not (> 0 and <= MostBytes))
        {
            throw new SwanGeoreferenceException(
                $"'{path}' is not a world file: it has no bytes, or more than {MostBytes}; expected six numbers. Export it again, or "
                + "remove it.");
        }

        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads the six numbers of one.</summary>
    /// <exception cref="SwanGeoreferenceException">There are not six numbers.</exception>
    public static PixelTransform Parse(string text, string name)
    {
        string[] parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new double[6];
        for (int i = 0; i < 6; i++)
        {
            // Some programs write the decimal comma of their user's language.
            if (i >= parts.Length
                || !double.TryParse(parts[i].Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                throw new SwanGeoreferenceException($"'{name}' is not a world file: "
                    + (i < parts.Length ? $"its line {i + 1} is not a number" : $"it has {parts.Length} lines")
                    + "; expected six numbers. Export it again, or remove it.");
            }
        }

        return new PixelTransform(numbers[4], numbers[0], numbers[2], numbers[5], numbers[1], numbers[3]).FromCenters();
    }
}
