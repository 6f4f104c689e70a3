using System.Runtime.CompilerServices;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Sources;

/// <summary>Image files of this machine that a text file names, one a line.</summary>
/// <remarks>Keys are the lines as they are, but for blank ones, which are left out. Another list over the same root is the same source:
/// what it no longer names is gone.</remarks>
public sealed class ListSource : ImageSource
{
    private readonly string _list, _root;
    private readonly FolderFence? _fence;

    /// <summary>Takes a list.</summary>
    /// <param name="list">A UTF-8 file with one path a line.</param>
    /// <param name="root">The folder that relative paths start from; null: the current one.</param>
    /// <param name="restrict">Whether paths must not lead out of <paramref name="root"/>; those that do are bad rows. A list without a
    /// root may name any file.</param>
    public ListSource(string list, string? root = null, bool restrict = true)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        (_list, _root) = (Path.GetFullPath(list), Path.GetFullPath(root ?? "."));
        _fence = restrict && root is not null ? new FolderFence(_root) : null;
    }

    /// <inheritdoc/>
    public override string Address => $"{_root} (listed)";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<SourceImage> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!File.Exists(_list))
        {
            throw new SwanBatchException(
                $"There is no list '{_list}'. {FilePath.WhyMissing(_list) ?? "Give a text file with one image path a line."}");
        }
        if (!Directory.Exists(_root))
            throw new SwanBatchException($"There is no folder '{_root}'. Give the folder that the list's paths start from.");
        using var reader = new StreamReader(_list);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            // What lies outside is not looked at.
            string stamp = _fence?.WhyOutside(line) is null ? StampOf(line) : LocalImage.Missing;
            yield return new SourceImage(line, stamp) { Size = LocalImage.SizeOf(stamp) };
        }
    }

    /// <inheritdoc/>
    public override Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        _fence?.Check(image.Key);
        return Task.FromResult(LocalImage.Open(FileOf(image.Key), image));
    }

    private string StampOf(string line)
    {
        try
        {
            return LocalImage.StampOf(FileOf(line));
        }
        catch (ArgumentException)
        {
            return LocalImage.Missing; // no path at all
        }
    }

    private string FileOf(string line) => Path.Combine(_root, line);
}
