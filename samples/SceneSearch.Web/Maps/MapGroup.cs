using System.Security.Cryptography;
using System.Text;
using Swan.Geo.Coordinates;

namespace SceneSearch.Web.Maps;

/// <summary>Scenes that are shown on one map: those of one coordinate system, or those that have none, side by side in pixels.</summary>
internal sealed class MapGroup
{
    /// <param name="id">Of letters, digits and hyphens.</param>
    /// <param name="title">For people.</param>
    /// <param name="system">Null: the map's unit is pixels.</param>
    /// <param name="scenes">At least one.</param>
    public MapGroup(string id, string title, CoordinateSystem? system, IEnumerable<PlacedScene> scenes)
    {
        (Id, Title, System) = (id, title, system);
        // The finest lie on top, and of those alike the latest.
        Scenes =
        [
            .. scenes.OrderByDescending(s => s.Transform.PixelWidth).ThenBy(s => s.Scene.Date)
                .ThenByDescending(s => s.Scene.Name, StringComparer.Ordinal),
        ];
        Bounds all = Scenes.Aggregate(Bounds.None, (bounds, scene) => bounds.With(scene.Bounds));
        Grid = new TileGrid(all, Scenes.Min(s => Math.Min(s.Transform.PixelWidth, s.Transform.PixelHeight)));
        byte[] state = Encoding.UTF8.GetBytes(string.Join('\n', Scenes.Select(s => $"{s.Scene.Hash} {s.Transform}")));
        Stamp = Convert.ToHexStringLower(SHA256.HashData(state))[..16];
    }

    public string Id { get; }

    public string Title { get; }

    public CoordinateSystem? System { get; }

    /// <summary>In the order in which they are drawn.</summary>
    public IReadOnlyList<PlacedScene> Scenes { get; }

    public TileGrid Grid { get; }

    /// <summary>Changes with what its tiles show.</summary>
    public string Stamp { get; }

    /// <summary>What OpenLayers calls the unit.</summary>
    public string Unit => System switch
    {
        null => "pixels",
        { Kind: CoordinateSystemKind.Geographic } => "degrees",
        { Unit: "metre" } => "m",
        { Unit: "foot" } => "ft",
        { Unit: "US survey foot" } => "us-ft",
        _ => "pixels",
    };
}
