using System.Globalization;
using System.IO.Enumeration;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Commands;

/// <summary>The images of a folder that is searched, and what in it is not searched.</summary>
/// <param name="Images">Paths of the images.</param>
/// <param name="Unreadable">Paths of folders that can't be opened: their images, if any, are not searched.</param>
/// <param name="Others">How many files have endings that are not those of images.</param>
internal sealed record SearchedFolder(string[] Images, string[] Unreadable, int Others)
{
    private const int Named = 5;

    /// <summary>A line for each kind of thing that is not searched, with how many of it there are.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            if (Others > 0)
            {
                yield return $"{Counted.Of(Others, "file")} {Counted.Verb(Others)} left out: "
                    + $"{Counted.Verb(Others, "its ending is not that of an image", "their endings are not those of images")} "
                    + $"({Endings}).";
            }
            string[] unnamed = [.. Images.Where(path => FilePath.HasReplacement(path) && !File.Exists(path))];
            if (unnamed.Length > 0)
            {
                yield return $"{Counted.Of(unnamed.Length, "image has a name", "images have names")} that "
                    + $"{Counted.Verb(unnamed.Length)} not UTF-8, so {Counted.Verb(unnamed.Length, "it", "they")} can't be opened: "
                    + $"{Names(unnamed)}. Give such files other names.";
            }
            if (Unreadable.Length > 0)
            {
                yield return $"{Counted.Of(Unreadable.Length, "folder")} can't be opened, so "
                    + $"{Counted.Verb(Unreadable.Length, "its", "their")} images are not searched: {Names(Unreadable)}. Give yourself read "
                    + "access, or leave them out.";
            }
        }
    }

    /// <summary>Lists a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="canOpen">Whether a folder can be opened; null asks the file system.</param>
    /// <exception cref="FileNotFoundException">There are no images in it.</exception>
    public static SearchedFolder List(string folder, Func<string, bool>? canOpen = null)
    {
        int others = 0;
        string[] images = [.. ImageFolder.Enumerate(folder, ignoreInaccessible: true, otherFile: _ => others++)
            .Order(StringComparer.Ordinal).Select(name => Path.Combine(folder, name))];
        var listed = new SearchedFolder(
            images, [.. Folders(folder).Where(f => !(canOpen ?? CanOpen)(f)).Order(StringComparer.Ordinal)], others);
        return images.Length > 0
            ? listed
            : throw new FileNotFoundException(
                $"There are no images in '{folder}' (looked for {Endings}). "
                + string.Join(' ', listed.Warnings));
    }

    private static string Endings => string.Join(", ", ImageDecoder.Extensions.Order(StringComparer.Ordinal));

    private static string Names(string[] paths) => string.Join(", ", paths.Take(Named).Select(path => $"'{path}'"))
        + (paths.Length > Named ? string.Create(CultureInfo.InvariantCulture, $" and {paths.Length - Named:N0} more") : "");

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
