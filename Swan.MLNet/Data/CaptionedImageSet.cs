namespace Swan.MLNet.Data;

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

    /// <summary>The names of the sets whose captions were added, in the order of <see cref="WithCaptionsOf"/>.</summary>
    public IReadOnlyList<string> MoreCaptions { get; private init; } = [];

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

    /// <summary>Opens a folder, and adds the captions of further files to its training images.</summary>
    /// <param name="directory">See <see cref="Open(string)"/>.</param>
    /// <param name="moreCaptions">JSON lines with captions of the folder's training images; see <see cref="WithCaptionsOf"/>.</param>
    /// <exception cref="SwanDataException">Files have problems, or a further file has images that the training set hasn't.</exception>
    public static (CaptionedImageSet Train, CaptionedImageSet? Validation) Open(string directory, IEnumerable<string> moreCaptions)
    {
        ArgumentNullException.ThrowIfNull(moreCaptions);
        (CaptionedImageSet train, CaptionedImageSet? validation) = Open(directory);
        return (moreCaptions.Aggregate(train, (set, file) => set.WithCaptionsOf(JsonLinesReader.Read(file, DataFolder.Images(directory)))), validation);
    }

    /// <summary>The same images with another set's captions of them after their own: other people's words for the same pictures.</summary>
    /// <param name="more">Images of this set, told by <see cref="CaptionedImage.FileName"/>, with further captions; its scenes and paths don't count.</param>
    /// <returns>A set of this one's images, in its order and with its name.</returns>
    /// <exception cref="SwanDataException">
    /// <paramref name="more"/> has images that this set hasn't. They are not passed over: they may be of a set that is held back.
    /// </exception>
    public CaptionedImageSet WithCaptionsOf(CaptionedImageSet more)
    {
        ArgumentNullException.ThrowIfNull(more);
        ILookup<string, CaptionedImage> further = more.Images.ToLookup(i => i.FileName, StringComparer.Ordinal);
        HashSet<string> known = [.. Images.Select(i => i.FileName)];
        string[] strangers = [.. further.Select(i => i.Key).Where(name => !known.Contains(name))];
        if (strangers.Length > 0)
        {
            string named = string.Join(", ", strangers.Take(3).Select(n => $"'{n}'")) + (strangers.Length > 3 ? ", …" : "");
            throw new SwanDataException([new DataFault(more.Name, 0, $"{strangers.Length} of its {further.Count} images are not in {(Name.Length > 0 ? $"'{Name}'" : "the set")}, to which it should add captions: {named}. Take them out, or add the images to the set if nothing is measured on them.")]);
        }

        return new([.. Images.Select(i => i with { Captions = [.. i.Captions, .. further[i.FileName].SelectMany(m => m.Captions)] })], Name) { MoreCaptions = [.. MoreCaptions, more.Name] };
    }

    /// <summary>The images at the given positions, in that order.</summary>
    public CaptionedImageSet Select(IEnumerable<int> indices, string name) => new([.. indices.Select(i => Images[i])], name) { MoreCaptions = MoreCaptions };
}
