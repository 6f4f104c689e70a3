using System.Globalization;

namespace Swan.Batch.Sources;

/// <summary>Where in a manifest an image is: the stamp of such images.</summary>
/// <param name="Group">The row group.</param>
/// <param name="Row">The row in it.</param>
/// <param name="Version">The manifest's own stamp.</param>
internal readonly record struct ManifestPlace(int Group, int Row, string Version)
{
    /// <summary>As a stamp.</summary>
    public string Stamp => string.Create(CultureInfo.InvariantCulture, $"{Group} {Row} {Version}");

    /// <summary>Reads what <see cref="Stamp"/> wrote.</summary>
    public static ManifestPlace Of(string stamp)
    {
        string[] parts = stamp.Split(' ', 3);
        return new(
            int.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture), parts[2]);
    }
}
