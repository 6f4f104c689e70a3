using Swan.Batch.Stores;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.Batch.Sources;

/// <summary>Where a batch job's images come from.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public abstract class ImageSource : IDisposable
{
    /// <summary>Its address, without secrets; a job with another address can't continue with its rows.</summary>
    public abstract string Address { get; }

    /// <summary>A message about the last listing, such as how many files are not images; null if there is none.</summary>
    public virtual string? Remark => null;

    /// <summary>Lists the images, in any order; those of one key count once.</summary>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="SwanBatchException">There is no such place.</exception>
    /// <exception cref="IOException">It can't be listed.</exception>
    public abstract IAsyncEnumerable<SourceImage> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>How many things may be asked for at a time while it is listed.</summary>
    internal int Degree { get; set; } = SwanResources.MaxReads;

    /// <summary>What another process needs to open it again; null: it can't, or the options of a job say all.</summary>
    internal virtual SourceSettings? Settings => null;

    /// <summary>Whether images are named, by a list or a manifest; otherwise they are what is found.</summary>
    internal virtual bool IsNamed => false;

    /// <summary>The folders of this machine that another process needs to open it again.</summary>
    internal virtual IReadOnlyList<string> Folders => [];

    /// <summary>Opens images of a run that was planned, perhaps by another process.</summary>
    /// <param name="planned">What opened the source then.</param>
    /// <exception cref="SwanBatchException">It can't be read without a signature that it had then.</exception>
    internal virtual void GoOn(SourceSettings planned)
    {
    }

    /// <summary>The group of images that one is read with, as a whole; null: it is read alone.</summary>
    internal virtual int? GroupOf(SourceImage image) => null;

    /// <summary>Counts what shards read of what was listed last; null: of each image its own bytes.</summary>
    internal virtual GroupReads? CountReads() => null;

    /// <summary>Lists the images; those of before may stand for reading, where they show that nothing has changed.</summary>
    /// <param name="before">What the last run knew, in the order of the keys' UTF-8 bytes.</param>
    /// <param name="cancellation">Ends the listing.</param>
    internal virtual IAsyncEnumerable<SourceImage> ListAsync(IAsyncEnumerable<SourceImage> before, CancellationToken cancellation) =>
        ListAsync(cancellation);

    /// <summary>Refuses two images of a key that are not one.</summary>
    /// <exception cref="SwanBatchException">They differ in what is kept of them, or in their bytes.</exception>
    internal virtual Task ThrowIfDifferentAsync(SourceImage first, SourceImage second, CancellationToken cancellation) =>
        Task.CompletedTask;

    /// <summary>Opens an image.</summary>
    /// <param name="image">The image as listed; it may have changed since.</param>
    /// <param name="cancellationToken">Ends the wait, and every later read of the content.</param>
    /// <returns>The content, with the stamp of what is read; null if the image is gone.</returns>
    /// <exception cref="SwanImageException">The file can't be read; the image becomes a bad row.</exception>
    /// <exception cref="IOException">The machine or the store can't read it now: the job stops.</exception>
    public abstract Task<StoredContent?> OpenAsync(SourceImage image, CancellationToken cancellationToken = default);

    /// <summary>Closes connections.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    /// <param name="disposing">Always true: there is no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
