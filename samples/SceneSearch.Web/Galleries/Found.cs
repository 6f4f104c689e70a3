using Swan.Geo.Places;

namespace SceneSearch.Web.Galleries;

/// <summary>What a search found.</summary>
internal sealed record Found
{
    /// <summary>The best first.</summary>
    public required IReadOnlyList<FoundWindow> Windows { get; init; }

    /// <summary>How likely any image shows what was asked for; null for scenes, models without a calibration, and no text.</summary>
    public double? ProbabilityOfAny { get; init; }

    /// <summary>The least that counts as an answer.</summary>
    public double? Limit { get; init; }

    /// <summary>Whether to say "nothing found".</summary>
    public required bool IsNothing { get; init; }

    /// <summary>What the user should know of the text.</summary>
    public string? Warning { get; init; }

    /// <summary>The windows as Swan writes them to files, with the scenes' names; none of images.</summary>
    public IReadOnlyList<Place> Places { get; init; } = [];
}

/// <summary>A window of a scene, or an image.</summary>
/// <param name="Key">Its key in the index.</param>
/// <param name="Title">The scene's name, or the image's.</param>
/// <param name="Score">The cosine.</param>
/// <param name="Probability">Null for windows of scenes, and where the model isn't calibrated.</param>
internal sealed record FoundWindow(string Key, string Title, float Score, double? Probability)
{
    /// <summary>The map that it lies on, and its corners there.</summary>
    public (string Group, double[][] Ring)? OnMap { get; init; }

    /// <summary>Its middle, in degrees of WGS 84.</summary>
    public (double Longitude, double Latitude)? Middle { get; init; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>First column and row, width and height in the scene.</summary>
    public (int Column, int Row, int Width, int Height)? Window { get; init; }

    public double? MetersPerPixel { get; init; }
}
