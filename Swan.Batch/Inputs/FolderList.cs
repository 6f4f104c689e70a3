using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Inputs;

/// <summary>Writes the list of a folder's images, one path a line, with memory that doesn't depend on their number.</summary>
internal static class FolderList
{
    /// <summary>Writes the list, in the order of <see cref="ImageFolder.List"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="destination">Gets the lines.</param>
    /// <param name="temporary">Where sorted parts may be kept meanwhile; this method deletes them.</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="SwanBatchException">A path can't be a line.</exception>
    public static FolderContents Write(string folder, TextWriter destination, string temporary, CancellationToken cancellation)
    {
        long images = 0, others = 0, unnamed = 0;
        using var sorted = new SortedLines(temporary);
        foreach (string path in ImageFolder.Enumerate(folder, otherFile: _ => others++))
        {
            cancellation.ThrowIfCancellationRequested();
            if (path.AsSpan().ContainsAny('\n', '\r'))
            {
                throw new SwanBatchException(
                    $"'{path}' in '{folder}' has a line break in its name, which a list of one path a line can't hold. Rename it.");
            }
            if (FilePath.HasReplacement(path) && !File.Exists(Path.Combine(folder, path))) unnamed++;
            sorted.Add(path);
        }
        foreach (string path in sorted.InOrder())
        {
            destination.Write(path + '\n');
            images++;
        }
        return new(images, others, unnamed);
    }
}

/// <summary>What is in a folder and the folders below it.</summary>
/// <param name="Images">Files whose endings are those of images.</param>
/// <param name="Others">Other files, which are left out.</param>
/// <param name="Unnamed">Those of the images that .NET can't open, because their names are not UTF-8.</param>
internal readonly record struct FolderContents(long Images, long Others, long Unnamed);
