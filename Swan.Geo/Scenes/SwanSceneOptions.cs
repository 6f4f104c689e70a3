using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Transforms;

namespace Swan.Geo.Scenes;

/// <summary>The windows that scenes are cut into, and how their pixels are read.</summary>
/// <remarks>Read when a view is created; later changes have no effect.</remarks>
public sealed class SwanSceneOptions
{
    /// <summary>
    /// Minimum side of a window in pixels: smaller windows are enlarged too much for the included model's 160 pixels.
    /// </summary>
    public const int LeastSide = 64;

    private const int MostSides = 8;

    /// <summary>Window sides in meters on the ground, for scenes of known ground sampling distance; 1 to 8 numbers.</summary>
    /// <remarks>
    /// Default 320, 640 and 1280: the training pictures of the included model cover 260 m to 4.2 km a side, most under 1 km. A side of
    /// fewer than <see cref="LeastSide"/> pixels is left out, and one larger than the scene becomes the scene's. If all are too small,
    /// windows have <see cref="LeastSide"/> pixels.
    /// </remarks>
    public IReadOnlyList<double> GroundSides { get; set; } = [320, 640, 1280];

    /// <summary>Window sides in pixels, for unknown ground sampling distances; 1 to 8 numbers (default 224 and 448).</summary>
    public IReadOnlyList<int> PixelSides { get; set; } = [224, 448];

    /// <summary>Overlap of neighboring windows, as a share of their side: 0 to 0.9 (default 0.5).</summary>
    public double Overlap { get; set; } = 0.5;

    /// <summary>Minimum share of a window's pixels that have data, 0 to 1; windows with less are left out (default 0.5).</summary>
    public double MinValidShare { get; set; } = 0.5;

    /// <inheritdoc cref="ImageDecodingOptions.Range"/>
    /// <remarks>One range for all windows of a scene: percentiles are those of the whole scene, or of a sample of it.</remarks>
    public SampleRange? Range { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.Bands"/>
    public IReadOnlyList<int>? Bands { get; set; }

    /// <inheritdoc cref="ImageDecodingOptions.NoData"/>
    public double? NoData { get; set; }

    /// <summary>
    /// The treatment of a scene that can't be read: <see cref="SwanOnError.Throw"/> (default), or <see cref="SwanOnError.Skip"/>, which
    /// logs the reason and continues with the next one.
    /// </summary>
    /// <remarks>A scene loses its windows from the first damaged place on.</remarks>
    public SwanOnError OnError { get; set; }

    /// <summary>Ends a running pass: the next row throws <see cref="OperationCanceledException"/> (default none).</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <exception cref="SwanOptionsException">Values are outside their ranges; the message names all of them.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        if (GroundSides is null || GroundSides.Count is < 1 or > MostSides || GroundSides.Any(s => !(s > 0 && s < 1e7)))
            faults.Add($"{nameof(GroundSides)} must be 1 to {MostSides} numbers above 0, in meters");
        if (PixelSides is null || PixelSides.Count is < 1 or > MostSides || PixelSides.Any(s => s < LeastSide))
            faults.Add($"{nameof(PixelSides)} must be 1 to {MostSides} numbers from {LeastSide}, in pixels");
        if (Overlap is not (>= 0 and <= 0.9)) faults.Add(FormattableString.Invariant($"{nameof(Overlap)} is {Overlap}; expected 0 to 0.9"));
        if (OnError is not (SwanOnError.Throw or SwanOnError.Skip)) faults.Add($"{nameof(OnError)} is {OnError}; expected Throw or Skip");
        faults.AddRange(ImageDecodingOptions.Faults(Bands, NoData, MinValidShare));
        if (faults.Count > 0) throw new SwanOptionsException($"{nameof(SwanSceneOptions)}: {string.Join("; ", faults)}.");
    }

    internal SwanSceneOptions Copy()
    {
        var copy = (SwanSceneOptions)MemberwiseClone();
        (copy.GroundSides, copy.PixelSides, copy.Bands) = ([.. GroundSides], [.. PixelSides], Bands is null ? null : [.. Bands]);
        return copy;
    }

    /// <summary>The model's rule, which holds where neither <see cref="Range"/> nor a file says another; null: the default.</summary>
    internal SampleRange? Rule { get; set; }

    internal ImageDecodingOptions Decoding =>
        new() { Range = Range, Bands = Bands, NoData = NoData, Rule = Rule ?? SampleRange.Default };
}
