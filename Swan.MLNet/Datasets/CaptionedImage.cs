namespace Swan.MLNet.Datasets;

/// <summary>One image with the sentences that describe it.</summary>
/// <param name="ImagePath">The file's path.</param>
/// <param name="FileName">The name in the data set, such as <c>airport_1.jpg</c>.</param>
/// <param name="Scene">The scene, or null if the file name has none.</param>
/// <param name="Captions">One or more sentences, in the data set's order.</param>
public sealed record CaptionedImage(string ImagePath, string FileName, string? Scene, IReadOnlyList<string> Captions)
{
    /// <summary>The scene in a file name: the part before the first <c>_</c>.</summary>
    /// <remarks>Null if the name has no <c>_</c> or starts with a digit.</remarks>
    public static string? SceneOf(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        string name = Path.GetFileName(fileName);
        int end = name.IndexOf('_', StringComparison.Ordinal);
        return end <= 0 || char.IsAsciiDigit(name[0]) ? null : name[..end];
    }
}
