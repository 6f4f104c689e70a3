using System.IO.Enumeration;
using Swan.MLNet.Imaging;

namespace Swan.Cli.Commands;

/// <summary>The images of a folder that is searched, and the folders inside it that can't be opened.</summary>
/// <param name="Images">Paths of the images.</param>
/// <param name="Unreadable">Paths of the folders: their images, if any, are not searched.</param>
internal sealed record SearchedFolder(string[] Images, string[] Unreadable)
{
    private const int Named = 5;

    /// <summary>One line that counts and names the unreadable folders; null where there are none.</summary>
    public string? Warning
    {
        get
        {
            if (Unreadable.Length == 0) return null;
            string more = Unreadable.Length > Named ? $" and {Unreadable.Length - Named:N0} more" : "";
            return $"{Unreadable.Length:N0} folders can't be opened, so their images are not searched: "
                + $"{string.Join(", ", Unreadable.Take(Named).Select(f => $"'{f}'"))}{more}. Give yourself read access, or leave them out.";
        }
    }

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="canOpen">Whether a folder can be opened; null asks the file system.</param>
    /// <exception cref="FileNotFoundException">There are no images in it.</exception>
    public static SearchedFolder List(string folder, Func<string, bool>? canOpen = null)
    {
        string[] images = [.. ImageFolder.List(folder, ignoreInaccessible: true).Select(name => Path.Combine(folder, name))];
        var listed = new SearchedFolder(images, [.. Folders(folder).Where(f => !(canOpen ?? CanOpen)(f)).Order(StringComparer.Ordinal)]);
        return images.Length > 0
            ? listed
            : throw new FileNotFoundException(
                $"There are no images in '{folder}' (looked for {string.Join(", ", ImageDecoder.Extensions)}). {listed.Warning}".TrimEnd());
    }

    // The same folders as ImageFolder looks into: neither hidden ones nor links.
    private static IEnumerable<string> Folders(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        return new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.IsDirectory,
        }.Prepend(folder);
    }

    private static bool CanOpen(string folder)
    {
        try
        {
            using IEnumerator<string> entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
            _ = entries.MoveNext();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return true; // removed meanwhile: nothing of it is missing
        }
    }
}
