using System.Security.Cryptography;
using System.Text;
using Swan.Geo.Coordinates;
using Swan.Geo.Search;

namespace SceneSearch.Web.Maps;

/// <summary>The maps of an index's scenes.</summary>
internal sealed class MapGroups
{
    private const string Pixels = "pixels";

    // Room between scenes that lie side by side, as a share of the largest.
    private const double Gap = 0.05;

    private readonly Dictionary<string, (MapGroup Group, PlacedScene Scene)> _byPath = new(StringComparer.Ordinal);

    /// <summary>Maps of scenes.</summary>
    /// <param name="scenes">As the index lists them.</param>
    public MapGroups(IReadOnlyList<SwanIndexedScene> scenes)
    {
        Scenes = scenes;
        var groups = new List<MapGroup>();
        foreach (var group in scenes.Where(s => s.Place?.CoordinateSystem.CanTransform == true)
            .GroupBy(s => s.Place!.CoordinateSystem.ToString(), StringComparer.Ordinal))
        {
            CoordinateSystem system = group.First().Place!.CoordinateSystem;
            groups.Add(new MapGroup(IdOf(system), system.Name, system, group.Select(s => new PlacedScene(s, s.Place!.Transform))));
        }
        SwanIndexedScene[] others = [.. scenes.Where(s => s.Place?.CoordinateSystem.CanTransform != true)];
        if (others.Length > 0) groups.Add(new MapGroup(Pixels, "scenes without coordinates", null, SideBySide(others)));
        All = [.. groups.OrderByDescending(g => g.Scenes.Sum(s => s.Scene.Windows)).ThenBy(g => g.Id, StringComparer.Ordinal)];
        foreach (MapGroup group in All)
        {
            foreach (PlacedScene scene in group.Scenes) _byPath[scene.Scene.Path] = (group, scene);
        }
    }

    /// <summary>What they are of.</summary>
    public IReadOnlyList<SwanIndexedScene> Scenes { get; }

    /// <summary>Those with the most windows first.</summary>
    public IReadOnlyList<MapGroup> All { get; }

    /// <summary>Changes with what any of them shows.</summary>
    public string Stamp => string.Join('-', All.Select(g => g.Stamp));

    public MapGroup? Find(string id) => All.FirstOrDefault(g => g.Id == id);

    /// <summary>Where a scene is shown.</summary>
    public (MapGroup Group, PlacedScene Scene)? Find(SwanIndexedScene scene) => FindPath(scene.Path);

    /// <summary>Where the scene of a file is shown.</summary>
    public (MapGroup Group, PlacedScene Scene)? FindPath(string path) => _byPath.TryGetValue(path, out var found) ? found : null;

    private static string IdOf(CoordinateSystem system) => system.EpsgCode is { } code ? $"epsg-{code}"
        : "crs-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(system.ToString())))[..8];

    // In rows, so that all together are about as high as wide.
    private static IEnumerable<PlacedScene> SideBySide(SwanIndexedScene[] scenes)
    {
        double gap = Math.Ceiling(Gap * scenes.Max(s => Math.Max(s.Width, s.Height)));
        double most = Math.Max(scenes.Max(s => s.Width), Math.Sqrt(scenes.Sum(s => (s.Width + gap) * (s.Height + gap))));
        double x = 0, y = 0, height = 0;
        foreach (SwanIndexedScene scene in scenes)
        {
            if (x > 0 && x + scene.Width > most) (x, y, height) = (0, y + height + gap, 0);
            yield return new PlacedScene(scene, new PixelTransform(x, 1, 0, -y, 0, -1));
            x += scene.Width + gap;
            height = Math.Max(height, scene.Height);
        }
    }
}
