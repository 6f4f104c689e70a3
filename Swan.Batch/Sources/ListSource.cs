using System.Runtime.CompilerServices;
using Swan.Batch.Stores;
using Swan.MLNet;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Sources;

/// <summary>Images listed in a text file, one per line: files of this machine, or addresses.</summary>
/// <remarks>Keys are the lines, without blank lines and without queries of addresses, which may be signatures.
/// Another list with the same root is the same source; images that it no longer names are gone.</remarks>
public sealed class ListSource : ImageSource
{
    private readonly string _list, _root;
    private readonly bool _restrict;
    private readonly ObjectStore? _addresses;
    private readonly NamedImages _images;

    /// <summary>Creates a source of a list's images.</summary>
    /// <param name="list">A UTF-8 file with one path or address per line.</param>
    /// <param name="root">The folder that relative paths start from; null: the current one.</param>
    /// <param name="restrict">Whether paths must not lead out of <paramref name="root"/>; those that do are bad rows. A list without a
    /// root may name any file.</param>
    /// <param name="addresses">Opens lines that are addresses, as <c>ObjectStores.OpenAddresses</c> of Swan.ObjectStores does; not
    /// disposed. Default null: all lines are paths.</param>
    public ListSource(string list, string? root = null, bool restrict = true, ObjectStore? addresses = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        (_list, _root, _addresses) = (Path.GetFullPath(list), Path.GetFullPath(root ?? "."), addresses);
        _restrict = restrict && root is not null;
        _images = new NamedImages(_root, _restrict ? new FolderFence(_root) : null, addresses, _list, LinesAsync);
    }

    /// <inheritdoc/>
    public override string Address => $"{_root} (listed)";

    internal override bool IsNamed => true;

    // The list itself is read again where its addresses have signatures.
    internal override SourceSettings? Settings => _addresses is null ? null
        : new() { Kind = SourceSettings.List, Address = _list, Root = _root, RestrictToRoot = _restrict, IsSigned = _images.IsSigned };

    /// <inheritdoc/>
    public override IAsyncEnumerable<SourceImage> ListAsync(CancellationToken cancellationToken = default)
    {
        if (!File.Exists(_list))
        {
            throw new SwanBatchException(
                $"There is no list '{_list}'. {FilePath.WhyMissing(_list) ?? "Give a text file with one image path per line."}");
        }
        if (!Directory.Exists(_root))
            throw new SwanBatchException($"There is no folder '{_root}'. Give the folder that the list's paths start from.");
        // Files of this machine are looked at faster than threads can share them out.
        return ParallelListing.RunAsync(LinesAsync(cancellationToken), _addresses is null ? 1 : Degree, FindAsync, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _images.OpenAsync(image, cancellationToken);
    }

    internal override void GoOn(SourceSettings planned) => _images.IsSigned |= planned.IsSigned;

    internal override Task ThrowIfDifferentAsync(SourceImage first, SourceImage second, CancellationToken cancellation)
    {
        _images.ThrowIfDifferent(first, second);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _images.Dispose();

    private async IAsyncEnumerable<SourceImage> FindAsync(string line, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await _images.FindAsync(line, cancellation).ConfigureAwait(false);
    }

    // Where shards are done elsewhere the list need not be there, if its addresses have no signatures.
    private async IAsyncEnumerable<string> LinesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!File.Exists(_list)) yield break;
        using var reader = new StreamReader(_list);
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line)) yield return line;
        }
    }
}
