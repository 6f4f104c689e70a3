using Swan.MLNet.Datasets;

namespace QuickStart;

/// <summary>
/// A measure that needs no training and no captions: each scene's name is searched for, and of the first five images so many show that
/// scene.
/// </summary>
internal static class SceneShare
{
    public const int Depth = 5;

    /// <param name="images">All that can be found; those without a scene are never right.</param>
    /// <param name="search">
    /// The first images for some words, best first; at most <see cref="Depth"/> of them count. None where the model knows no such word.
    /// </param>
    public static Measure Compute(IReadOnlyCollection<CaptionedImage> images, Func<string, IEnumerable<CaptionedImage>> search)
    {
        string[] scenes = [.. images.Select(i => i.Scene).OfType<string>().Distinct()];
        double Share(IEnumerable<CaptionedImage> some, string scene) =>
            100 * some.Select(i => i.Scene == scene ? 1.0 : 0).DefaultIfEmpty().Average();
        return new(
            "right scene in the first 5", scenes.Average(s => Share(search(s).Take(Depth), s)), scenes.Average(s => Share(images, s)));
    }
}
