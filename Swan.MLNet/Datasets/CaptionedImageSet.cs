namespace Swan.MLNet.Datasets;

/// <summary>Images with their captions, in a fixed order. Immutable.</summary>
public sealed class CaptionedImageSet
{
    /// <summary>Makes a set.</summary>
    /// <param name="images">In order; a set may be empty.</param>
    /// <param name="name">What it is called in reports, such as <c>val.jsonl</c>.</param>
    public CaptionedImageSet(IReadOnlyList<CaptionedImage> images, string name = "")
    {
        ArgumentNullException.ThrowIfNull(images);
        (Images, Name) = ([.. images], name);
        Captions = [.. images.SelectMany(i => i.Captions)];
        CaptionImage = [.. images.SelectMany((image, index) => Enumerable.Repeat(index, image.Captions.Count))];
        Scenes = [.. images.Select(i => i.Scene)];
    }

    /// <summary>What it is called in reports.</summary>
    public string Name { get; }

    /// <summary>The images.</summary>
    public IReadOnlyList<CaptionedImage> Images { get; }

    /// <summary>All captions, image by image.</summary>
    public IReadOnlyList<string> Captions { get; }

    /// <summary>For each caption the index of its image; never falls.</summary>
    public IReadOnlyList<int> CaptionImage { get; }

    /// <summary>For each image its scene, or null.</summary>
    public IReadOnlyList<string?> Scenes { get; }

    /// <summary>
    /// Opens a folder in one of three layouts: <c>train.jsonl</c> with <c>val.jsonl</c> or not; RSICD's own <c>dataset_rsicd.json</c> (or
    /// <c>dataset.json</c>); the reference's <c>train_caps.txt</c> and <c>train_filename.txt</c>. Images lie in <c>images</c> inside the
    /// folder or beside it, or in the folder itself.
    /// </summary>
    /// <returns>The training set, and the validation set where the folder has one.</returns>
    /// <exception cref="SwanDataException">The folder has none of the layouts, or files have problems; all are reported.</exception>
    public static (CaptionedImageSet Train, CaptionedImageSet? Validation) Open(string directory) => DataFolder.Open(directory);

    /// <summary>The images at the given positions, in that order.</summary>
    public CaptionedImageSet Select(IEnumerable<int> indices, string name) => new([.. indices.Select(i => Images[i])], name);
}
