namespace Swan.MLNet.Datasets;

/// <summary>Images with their captions, in a fixed order.</summary>
/// <remarks>Immutable.</remarks>
public sealed class CaptionedImageSet
{
    /// <summary>Makes a set.</summary>
    /// <param name="images">The images in order; a set may be empty.</param>
    /// <param name="name">Its name in reports, such as <c>val.jsonl</c>.</param>
    public CaptionedImageSet(IReadOnlyList<CaptionedImage> images, string name = "")
    {
        ArgumentNullException.ThrowIfNull(images);
        (Images, Name) = ([.. images], name);
        Captions = [.. images.SelectMany(i => i.Captions)];
        CaptionImage = [.. images.SelectMany((image, index) => Enumerable.Repeat(index, image.Captions.Count))];
        Scenes = [.. images.Select(i => i.Scene)];
    }

    /// <summary>The name in reports.</summary>
    public string Name { get; }

    /// <summary>The images.</summary>
    public IReadOnlyList<CaptionedImage> Images { get; }

    /// <summary>All captions, image by image.</summary>
    public IReadOnlyList<string> Captions { get; }

    /// <summary>The index of each caption's image, in ascending order.</summary>
    public IReadOnlyList<int> CaptionImage { get; }

    /// <summary>The scene of each image, or null.</summary>
    public IReadOnlyList<string?> Scenes { get; }

    /// <summary>The number of images left out because their files are missing; 0 unless the caller allowed that.</summary>
    public int MissingImages { get; internal init; }

    /// <summary>The number of images in each other split of its file, by name; empty if files have no splits.</summary>
    public IReadOnlyDictionary<string, int> OtherSplits { get; internal init; } = new Dictionary<string, int>();

    /// <summary>Opens a folder in one of three layouts.</summary>
    /// <remarks>
    /// <list type="table">
    /// <item><term>JSON lines</term><description><c>train.jsonl</c> and optionally <c>val.jsonl</c>: image, scene and
    /// captions.</description></item>
    /// <item><term>JSON</term><description>As RSICD, RSITMD and others distribute it: <c>dataset_rsicd.json</c>,
    /// <c>dataset_RSITMD.json</c>, <c>dataset.json</c> or another <c>dataset_*.json</c>.</description></item>
    /// <item><term>Text</term><description>The reference's <c>train_caps.txt</c> with <c>train_filename.txt</c>, and optionally
    /// <c>val_caps.txt</c> with <c>val_filename.txt</c>.</description></item>
    /// </list>
    /// File names match in upper and lower case. Images are in <c>images</c> inside or beside the folder, or in the folder itself.
    /// </remarks>
    /// <param name="directory">The folder.</param>
    /// <param name="skipMissing">
    /// Whether to leave out missing images and count them in <see cref="MissingImages"/>. Default false: they are problems.
    /// </param>
    /// <returns>The training set, and the validation set if the folder has one.</returns>
    /// <exception cref="SwanDataException">The folder has none of the layouts, or files have problems. All problems are
    /// reported.</exception>
    public static (CaptionedImageSet Train, CaptionedImageSet? Validation) Open(string directory, bool skipMissing = false) =>
        DataFolder.Open(directory, skipMissing);

    /// <summary>Reads one set: a file of one of the three layouts, or one split of a folder that <see cref="Open"/> opens.</summary>
    /// <param name="path">
    /// A folder, a <c>.json</c>, a <c>*_caps.txt</c> with its <c>*_filename.txt</c>, or a file of JSON lines, whatever its name.
    /// </param>
    /// <param name="imageFolder">The folder of the images. Default null: where <see cref="Open"/> looks for them.</param>
    /// <param name="split">
    /// Which images of a folder or of a <c>.json</c>, such as <c>train</c>, <c>val</c> or <c>test</c>. Default <c>val</c>. Other files
    /// hold one split.
    /// </param>
    /// <param name="skipMissing">Whether to leave out missing images and count them. Default false: they are problems.</param>
    /// <exception cref="SwanDataException">The set doesn't exist, or it has problems. All problems are reported.</exception>
    public static CaptionedImageSet Read(string path, string? imageFolder = null, string split = "val", bool skipMissing = false) =>
        DataFolder.Read(path, imageFolder, split, skipMissing);

    /// <summary>The images at the given positions, in that order.</summary>
    public CaptionedImageSet Select(IEnumerable<int> indices, string name) => new([.. indices.Select(i => Images[i])], name);
}
