using System.Globalization;
using Microsoft.ML.Data;
using Swan.Geo.Coordinates;

namespace Swan.Geo.Scenes;

/// <summary>A row of a <see cref="SceneView"/>: a window of a scene.</summary>
/// <param name="Scene">Its path.</param>
/// <param name="Place">Where the scene lies; null where nothing says it.</param>
/// <param name="Date">When it was taken; null where nothing says it.</param>
/// <param name="Picture">The window, with its pixels where they were asked for.</param>
internal sealed record SceneRow(string Scene, Georeference? Place, DateTimeOffset? Date, WindowPicture Picture)
{
    public SceneWindow Window => Picture.Window;

    public string Key => $"{Scene}#{Window}";

    /// <summary>The mean of both directions; NaN where it is unknown.</summary>
    public double MetersPerPixel => Place?.MeanMetersPerPixel ?? double.NaN;

    public string DateText => Date?.ToString("O", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Longitude and latitude of the middle.</summary>
    public double[] Center() => At(Window.Column + Window.Width / 2.0, Window.Row + Window.Height / 2.0);

    /// <summary>Longitude and latitude of the upper left, upper right, lower right and lower left corner.</summary>
    public double[] Corners()
    {
        (int left, int top, int right, int bottom) =
            (Window.Column, Window.Row, Window.Column + Window.Width, Window.Row + Window.Height);
        return [.. At(left, top), .. At(right, top), .. At(right, bottom), .. At(left, bottom)];
    }

    /// <summary>The picture; the caller disposes it.</summary>
    public MLImage Image() => MLImage.CreateFromPixels(Picture.Width, Picture.Height, MLPixelFormat.Bgra32, Picture.Bgra);

    private double[] At(double column, double row) => Place is { } place
        && place.TryToWgs84(column, row, out double longitude, out double latitude) ? [longitude, latitude] : [double.NaN, double.NaN];
}
