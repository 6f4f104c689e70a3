using Swan.Geo.Coordinates;
using Swan.Geo.Search;

namespace SceneSearch.Web.Maps;

/// <summary>A scene on a map.</summary>
/// <param name="Scene">The scene.</param>
/// <param name="Transform">From its pixels to the map.</param>
internal sealed record PlacedScene(SwanIndexedScene Scene, PixelTransform Transform)
{
    public double[][] Outline { get; } = Maps.Bounds.Ring(Transform, 0, 0, Scene.Width, Scene.Height);

    public Bounds Bounds => Maps.Bounds.Of(Outline);
}
