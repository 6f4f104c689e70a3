using System.IO.Enumeration;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Inputs;

/// <summary>Lists the images of a folder and of the folders below it: paths relative to it, with '/', by ordinal order.</summary>
internal static class FolderListing
{
    /// <summary>Writes the list, one path a line, with flat memory.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="destination">Gets the lines.</param>
    /// <param name="temporary">Where sorted parts may be kept meanwhile; this method deletes them.</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <returns>How many images there are, and how many files were left out because their endings are not those of images.</returns>
    /// <exception cref="UnusableException">A path can't be a line.</exception>
    public static (long Images, long Others) Write(string folder, TextWriter destination, string temporary, CancellationToken cancellation)
    {
        long images = 0, others = 0;
        using var sorted = new SortedLines(temporary);
        foreach (string path in Images(folder, () => others++))
        {
            cancellation.ThrowIfCancellationRequested();
            if (path.AsSpan().ContainsAny('\n', '\r')) throw new UnusableException($"'{path}' in '{folder}' has a line break in its name, which a list of one path a line can't hold. Rename it.");
            sorted.Add(path);
        }
        foreach (string path in sorted.InOrder())
        {
            destination.Write(path + '\n');
            images++;
        }
        return (images, others);
    }

    private static FileSystemEnumerable<string> Images(string folder, Action other)
    {
        // What can't be entered is an error: leaving it out would lose rows unawares.
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        return new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => Path.GetRelativePath(folder, entry.ToSpecifiedFullPath()).Replace(Path.DirectorySeparatorChar, '/'), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            {
                if (entry.IsDirectory) return false;
                if (ImageDecoder.Extensions.Contains(Path.GetExtension(entry.FileName).ToString())) return true;
                other();
                return false;
            },
            // Links to folders may lead in circles.
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
    }
}
