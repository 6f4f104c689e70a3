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
        // First of all: the tiles of one picture are no scene, however many there are, and may not be on both sides.
        bool tiles = AreTiles(train);
        TileExample = tiles ? train.Images[0].FileName : null;
        bool given = train.Images.Any(i => i.Scene is { } scene && scene != CaptionedImage.SceneOf(i.FileName));
        string[] scenes = [.. train.Scenes.OfType<string>()];
        int different = scenes.Distinct(StringComparer.Ordinal).Count();
        NoScenes = tiles && !given ? "names begin with that of a picture, not of a scene"
            : different == 0 ? "no image has a scene"
            : different == 1 ? $"'{scenes[0]}' is the only scene"
            : scenes.Length < MinImagesPerScene * different ? $"{different} scenes have fewer than {MinImagesPerScene} images on average"
            : null;
        Scenes = NoScenes is null ? different : 0;
    }

    public int Images { get; }

    public int Captions { get; }

    /// <summary>Captions an image has on average, at least 1.</summary>
    public int CaptionsPerImage => Math.Max(1, Captions / Math.Max(1, Images));

    /// <summary>How many scenes can be told apart; 0 where there are none, or hardly two images of one.</summary>
    public int Scenes { get; }

    /// <summary>Why no scenes can be told apart; null where they can.</summary>
    public string? NoScenes { get; }

    /// <summary>A name, where all are like those of tiles: <c>P0001_0_0.jpg</c>; null where they are not.</summary>
    public string? TileExample { get; }

    /// <summary>The validation set's name; null where there is none.</summary>
    public string? Validation { get; }

    public static PlanFacts Of(CaptionedImageSet train, CaptionedImageSet? validation) => new(train, validation);

    // Numbered before the first underscore, unlike the names of scenes, whatever scenes the data give.
    private static bool AreTiles(CaptionedImageSet set)
    {
        var pictures = new HashSet<string>(StringComparer.Ordinal);
        foreach (CaptionedImage image in set.Images)
        {
            if (CaptionedImage.SceneOf(image.FileName) is not { } picture || !picture.Any(char.IsAsciiDigit)) return false;
            pictures.Add(picture);
        }
        return pictures.Count > 1;
    }
}
