using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using SyntheticScenes;

namespace QuickStart;

/// <summary>Where the images come from: drawn scenes, a folder with captions, or any folder with images.</summary>
internal static class ImageSource
{
    /// <summary>
    /// Images with captions, of <c>--data</c> or drawn. What is held out is neither learned from nor used to choose the best epoch.
    /// </summary>
    public static (string Folder, CaptionedImageSet Known, CaptionedImageSet HeldOut) Captioned(Request request)
    {
        string folder = request.Data ?? Path.Combine(request.Out, "scenes");
        if (request.Data is null) SceneFolder.Draw(folder, trainingImages: 660, heldOutImages: 120, request.Seed);
        (CaptionedImageSet known, CaptionedImageSet? heldOut) = CaptionedImageSet.Open(folder);
        if (heldOut is null) (known, heldOut) = Splits.Divide(known, SplitRule.Random, 0.2, request.Seed);
        return (folder, known, heldOut);
    }

    /// <summary>The images of a folder and of the folders inside it, by name, without captions or scenes.</summary>
    public static CaptionedImage[] InFolder(string folder)
    {
        IReadOnlyList<string> names = ImageFolder.List(folder);
        if (names.Count == 0)
        {
            throw new FileNotFoundException(
                $"There are no images in '{folder}' (looked for {string.Join(", ", ImageDecoder.Extensions)}).");
        }
        return [.. names.Select(name => new CaptionedImage(Path.Combine(folder, name), name, Scene: null, Captions: []))];
    }
}
