using NetTopologySuite.Geometries;

namespace SceneSearch.Web.Galleries;

/// <summary>How many are found, and where.</summary>
/// <param name="Top">How many.</param>
/// <param name="Inside">Polygons of longitudes and latitudes; null: everywhere.</param>
internal sealed record SearchScope(int Top, Geometry? Inside = null);
