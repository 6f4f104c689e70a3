namespace SceneSearch.Web.Maps;

/// <summary>Tiles of 256 pixels a side over a map, numbered from its upper left corner; each level is twice as fine.</summary>
internal sealed class TileGrid
{
    public const int Side = 256;
    private const int MostLevels = 24;

    /// <param name="extent">Of the map.</param>
    /// <param name="finest">A side of the smallest pixel, in the map's unit.</param>
    public TileGrid(Bounds extent, double finest)
    {
        Extent = extent;
        double coarsest = Math.Max(extent.Width, extent.Height) / Side;
        // One level beyond the pixels, for screens with more of them.
        int levels = Math.Clamp((int)Math.Ceiling(Math.Log2(coarsest / finest)) + 2, 1, MostLevels);
        Resolutions = [.. Enumerable.Range(0, levels).Select(z => coarsest / Math.Pow(2, z))];
    }

    public Bounds Extent { get; }

    /// <summary>Of each level, in units a pixel.</summary>
    public IReadOnlyList<double> Resolutions { get; }

    /// <summary>Whether there is such a tile.</summary>
    public bool Has(int z, int x, int y) => z >= 0 && z < Resolutions.Count && x >= 0 && y >= 0
        && x * Resolutions[z] * Side < Extent.Width && y * Resolutions[z] * Side < Extent.Height;

    public Bounds BoundsOf(int z, int x, int y)
    {
        double side = Resolutions[z] * Side;
        return new(Extent.MinX + x * side, Extent.MaxY - (y + 1) * side, Extent.MinX + (x + 1) * side, Extent.MaxY - y * side);
    }
}
