using Swan.MLNet.Datasets;

namespace Swan.Training;

/// <summary>What a plan takes from the images and captions.</summary>
internal sealed record PlanFacts
{
    // Names with fewer images each are those of pictures or places: nothing can be learned about one from the others.
    private const double MinImagesPerScene = 4;

    private PlanFacts(CaptionedImageSet train, CaptionedImageSet? validation)
    {
        (Images, Captions, Validation) = (train.Images.Count, train.Captions.Count, validation?.Name);
        string[] scenes = [.. train.Scenes.OfType<string>()];
        int different = scenes.Distinct(StringComparer.Ordinal).Count();
        Scenes = different > 1 && scenes.Length >= MinImagesPerScene * different ? different : 0;
        TileExample = Scenes == 0 && different > 1 && train.Images.All(IsTile) ? train.Images[0].FileName : null;
    }

    public int Images { get; }

    public int Captions { get; }

    /// <summary>Captions an image has on average, at least 1.</summary>
    public int CaptionsPerImage => Math.Max(1, Captions / Math.Max(1, Images));

    /// <summary>How many scenes can be told apart; 0 where there are none, or hardly two images of one.</summary>
    public int Scenes { get; }

    /// <summary>A name, where all are like those of tiles: <c>P0001_0_0.jpg</c>; null where they are not.</summary>
    public string? TileExample { get; }

    /// <summary>The validation set's name; null where there is none.</summary>
    public string? Validation { get; }

    public static PlanFacts Of(CaptionedImageSet train, CaptionedImageSet? validation) => new(train, validation);

    // Numbered before the first underscore, unlike the names of scenes, and not given by the data.
    private static bool IsTile(CaptionedImage image) =>
        image.Scene is { } scene && scene == CaptionedImage.SceneOf(image.FileName) && scene.Any(char.IsAsciiDigit);
}
