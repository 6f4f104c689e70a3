using System.Runtime.CompilerServices;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;

namespace Swan.Batch.Sources;

/// <summary>The images of a folder of this machine and of its subfolders.</summary>
/// <remarks>
/// It lists files with an image's ending. Hidden files are left out, and links to folders are not followed. Keys are relative paths.
/// </remarks>
public sealed class FolderSource : ImageSource
{
    private readonly string _folder;
    private long _others, _unnamed;

    /// <summary>Creates a source of a folder's images.</summary>
    /// <param name="folder">The folder; it may be a link itself.</param>
    public FolderSource(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _folder = Path.GetFullPath(folder);
    }

    /// <inheritdoc/>
    public override string Address => _folder;

    /// <inheritdoc/>
    public override string? Remark
    {
        get
        {
            var said = new List<string>();
            if (_others > 0)
            {
                said.Add($"{Counted.Of(_others, "file")} in '{_folder}' {Counted.Verb(_others)} left out: "
                    + $"{Counted.Verb(_others, "its ending is not that of an image", "their endings are not those of images")}. "
                    + "To try such files, give a list.");
            }
            if (_unnamed > 0)
            {
                said.Add($"{Counted.Of(_unnamed, "image")} in '{_folder}' {Counted.Verb(_unnamed, "has a name", "have names")} that "
                    + $"{Counted.Verb(_unnamed)} not UTF-8, so {Counted.Verb(_unnamed, "it", "they")} can't be opened.");
            }
            return said.Count == 0 ? null : string.Join(' ', said);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<SourceImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        if (!Directory.Exists(_folder))
            throw new SwanBatchException($"There is no folder '{_folder}'. Give the folder that holds the images.");
        (_others, _unnamed) = (0, 0);
        foreach (string path in Enumerate())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string file = Path.Combine(_folder, path);
            string stamp = LocalImage.StampOf(file);
            if (stamp == LocalImage.Missing && FilePath.HasReplacement(path)) _unnamed++;
            yield return new SourceImage(path, stamp) { Size = LocalImage.SizeOf(stamp) };
        }
    }

    /// <inheritdoc/>
    public override Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Task.FromResult(LocalImage.Open(Path.Combine(_folder, image.Key), image));
    }

    private IEnumerable<string> Enumerate()
    {
        using IEnumerator<string> paths = ImageFolder.Enumerate(_folder, otherFile: _ => _others++).GetEnumerator();
        while (true)
        {
            try
            {
                if (!paths.MoveNext()) yield break;
            }
            catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException)
            {
                throw new SwanBatchException($"'{_folder}' can't be listed: {e.Message}", innerException: e);
            }
            yield return paths.Current;
        }
    }
}
