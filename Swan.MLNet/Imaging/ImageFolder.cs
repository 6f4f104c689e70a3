using System.IO.Enumeration;

namespace Swan.MLNet.Imaging;

/// <summary>Lists the image files of a folder and of the folders below it.</summary>
/// <remarks>
/// An image file is one whose ending is in <see cref="ImageDecoder.Extensions"/>; no file is opened. Hidden and system files and folders
/// are left out. Links to files are followed; links to folders are not, because they may form cycles. Safe for concurrent use.
/// </remarks>
public static class ImageFolder
{
    /// <summary>Lists the image files by ordinal order of their relative paths.</summary>
    /// <param name="folder">The folder; it may be a link itself.</param>
    /// <param name="ignoreInaccessible">
    /// Whether to skip folders that can't be opened. Default false: they are an error, because their images would be missing unnoticed.
    /// </param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>Paths relative to <paramref name="folder"/>, with <c>/</c> on every platform. Empty if the folder holds no image.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder can't be opened.</exception>
    public static IReadOnlyList<string> List(string folder, bool ignoreInaccessible = false, CancellationToken cancellationToken = default)
    {
        var paths = new List<string>();
        foreach (string path in Enumerate(folder, ignoreInaccessible))
        {
            cancellationToken.ThrowIfCancellationRequested();
            paths.Add(path);
        }
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>Enumerates the image files one by one, in the file system's order, without listing them first.</summary>
    /// <param name="folder">The folder; it may be a link itself.</param>
    /// <param name="ignoreInaccessible">Whether to skip folders that can't be opened. Default false.</param>
    /// <param name="otherFile">Called for each file that is not hidden and has another ending, with its name. Default null.</param>
    /// <returns>Paths relative to <paramref name="folder"/>, with <c>/</c> on every platform.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder can't be opened; thrown when the enumeration gets there.</exception>
    public static IEnumerable<string> Enumerate(string folder, bool ignoreInaccessible = false, Action<string>? otherFile = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(FilePath.WhyMissing(folder) is { } why
                ? $"There is no folder '{folder}': {why}"
                : $"There is no folder '{folder}'. Give a folder that holds images.");
        }
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = ignoreInaccessible,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        return new FileSystemEnumerable<string>(folder, RelativePath, options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            {
                if (entry.IsDirectory) return false;
                if (ImageDecoder.Extensions.Contains(Path.GetExtension(entry.FileName).ToString())) return true;
                otherFile?.Invoke(entry.FileName.ToString());
                return false;
            },
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };

        string RelativePath(ref FileSystemEntry entry) =>
            Path.GetRelativePath(folder, entry.ToSpecifiedFullPath()).Replace(Path.DirectorySeparatorChar, '/');
    }
}
