namespace Swan.MLNet.Search;

/// <summary>The error of an index for a file that is not as it was written.</summary>
internal static class IndexDamage
{
    /// <param name="folder">The index's folder.</param>
    /// <param name="file">The file's name in it.</param>
    /// <param name="how">The end of the sentence "The file …".</param>
    /// <param name="cause">What was thrown, if anything.</param>
    public static SwanFormatException Error(IndexFolder folder, string file, string how, Exception? cause = null) => new(
        $"The index '{folder.Path}' is damaged: '{file}' {how}. The index was not used. Copy its folder again, or build it again. "
        + "Only Swan may change, truncate or replace the files of an index.",
        cause);
}
