using System.Globalization;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Sources;

/// <summary>An image file of this machine.</summary>
internal static class LocalImage
{
    /// <summary>The stamp of a path without a regular file.</summary>
    public const string Missing = "missing";

    /// <summary>The stamp of a file: size and time of the last change.</summary>
    public static string StampOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null) file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? StampOf(file.Length, file.LastWriteTimeUtc) : Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Missing; // Opening it says why.
        }
    }

    /// <summary>The size that a file's stamp has; null where there is no file.</summary>
    public static long? SizeOf(string stamp) => stamp == Missing ? null
        : long.Parse(stamp.AsSpan(0, stamp.IndexOf(' ', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Opens a file; null where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="image">What messages call it, and the key of the content.</param>
    /// <exception cref="SwanImageException">It is no regular file, or can't be read.</exception>
    /// <exception cref="IOException">The machine can't read it: <see cref="MachineFault"/>.</exception>
    public static StoredContent? Open(string path, SourceImage image)
    {
        try
        {
            FilePath.ThrowIfNotText(path);
            string stamp = StampOf(path);
            if (stamp == Missing)
            {
                return Directory.Exists(path)
                    ? throw new SwanImageException(image.Key, ImageFault.Unreadable, "it is a folder. Give the path of an image file.")
                    : null;
            }
            // Before it is opened: opening a pipe without a writer would never return, and its length is 0.
            if (stamp.StartsWith("0 ", StringComparison.Ordinal))
                throw new SwanImageException(image.Key, ImageFault.Empty, "the file is empty. Copy it again from its source.");
            var stream = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
            string read = StampOf(stream.Length, File.GetLastWriteTimeUtc(stream.SafeFileHandle));
            return new StoredContent(new StoredObject(image.Key, stream.Length, read), stream);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException && !MachineFault.Is(e))
        {
            return null;
        }
        catch (Exception e) when (e is IOException && !MachineFault.Is(e)
            || e is UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new SwanImageException(image.Key, ImageFault.Unreadable, $"the file can't be read: {e.Message}", e);
        }
    }

    private static string StampOf(long length, DateTime changed) =>
        string.Create(CultureInfo.InvariantCulture, $"{length} {changed:yyyy-MM-ddTHH:mm:ss.fffffff}Z");
}
