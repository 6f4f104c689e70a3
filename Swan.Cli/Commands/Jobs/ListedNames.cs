using Swan.Batch;
using Swan.Batch.Sources;
using Swan.Batch.Stores;

namespace Swan.Cli.Commands;

/// <summary>A job's images as lines of a list, as <c>--list</c> takes it.</summary>
internal sealed class ListedNames
{
    private readonly string? _store;
    private readonly bool _isWeb;

    /// <summary>Takes what is known of a job's source.</summary>
    /// <param name="images">Where images are; ignored if there is a kind.</param>
    /// <param name="kind">As of <see cref="SourceSettings.Kind"/>; null: folders and stores.</param>
    /// <param name="isHeld">Whether a manifest holds the images.</param>
    /// <param name="isSigned">Whether addresses had a query.</param>
    internal ListedNames(string? images, string? kind, bool isHeld, bool isSigned)
    {
        string? unsigned = isSigned ? "Addresses lack their queries, which may be signatures; add them again." : null;
        if (kind is not null)
        {
            Note = kind switch
            {
                SourceSettings.Archives => "The images are in archives, whose names --list doesn't take. Retry them in the job "
                    + "(swan embed … --retry-bad), or unpack them.",
                SourceSettings.Manifest when isHeld => "The images are in a column of a manifest, and --list doesn't take their keys. "
                    + "Retry them in the job (swan embed … --retry-bad), or make a manifest of these rows.",
                SourceSettings.Manifest => $"A list has no columns, so its results lack those of the manifest. {unsigned}".TrimEnd(),
                _ => unsigned,
            };
            return;
        }
        if (images is null || StoreAddress.SchemeOf(images) is not ("s3" or "az" or "http" or "https")) return;
        _store = StoreAddress.WithoutSecrets(images).TrimEnd('/');
        _isWeb = StoreAddress.IsWeb(_store);
    }

    /// <summary>Reads what the images are of.</summary>
    /// <param name="options">The job's, as it keeps them.</param>
    public static ListedNames Of(BatchJobOptions options) => new(
        options.Images, options.SourceSettings?.Kind, options.SourceSettings?.Bytes is not null,
        options.SourceSettings?.IsSigned ?? false);

    /// <summary>What to know of the lines; null: nothing.</summary>
    public string? Note { get; }

    /// <summary>An image's line.</summary>
    /// <param name="key">The image.</param>
    public string LineOf(string key) => _store is null ? key
        : $"{_store}/{(_isWeb ? string.Join('/', key.Split('/').Select(Uri.EscapeDataString)) : key)}";
}
