using System.Globalization;
using Swan.Geo.Scenes;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Search;

/// <summary>Which windows an index has of a scene, and how they were read; equal ones give equal rows.</summary>
internal sealed record WindowRule(
    IReadOnlyList<double> GroundSides, IReadOnlyList<int> PixelSides, double Overlap, double MinValidShare, string? Range,
    IReadOnlyList<int>? Bands, double? NoData)
{
    public static WindowRule Of(SwanSceneOptions options) => new(
        [.. options.GroundSides.Order()], [.. options.PixelSides.Order()], options.Overlap, options.MinValidShare,
        options.Range?.ToString(), options.Bands is null ? null : [.. options.Bands], options.NoData);

    public SwanSceneOptions ToOptions() => new()
    {
        GroundSides = GroundSides, PixelSides = PixelSides, Overlap = Overlap, MinValidShare = MinValidShare,
        Range = SampleRange.TryParse(Range, out SampleRange? range) ? range : null, Bands = Bands, NoData = NoData,
    };

    /// <summary>One line, for comparison and messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"sides {string.Join(", ", GroundSides)} m or {string.Join(", ", PixelSides)} pixels, overlap {Overlap}, data {MinValidShare}, "
        + $"range {Range ?? "by the model"}, bands {(Bands is null ? "by the file" : string.Join(',', Bands))}, "
        + $"no data {(NoData is { } value ? value.ToString(CultureInfo.InvariantCulture) : "by the file")}");

    public bool Equals(WindowRule? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
