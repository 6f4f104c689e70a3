namespace Swan.MLNet.Imaging;

/// <summary>The identities of many images, such as all that a model's weights have learned from.</summary>
/// <remarks>
/// Holds two sorted lists of 8-byte hashes, each hash once: of the files' bytes and of what the pictures look like. 16 bytes an image.
/// Immutable and safe for concurrent use.
/// </remarks>
public sealed partial class ImageIdentitySet
{
    private readonly ulong[] _contents, _looks;

    /// <summary>Makes a set.</summary>
    /// <param name="images">In any order; repeated ones count once.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxCount"/> different ones.</exception>
    public ImageIdentitySet(IEnumerable<ImageIdentity> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageIdentity[] all = [.. images];
        _contents = Sorted(all.Select(i => i.ContentHash), nameof(images));
        _looks = Sorted(all.Select(i => i.PerceptualHash).Where(look => look != PerceptualHash.None), nameof(images));
    }

    private ImageIdentitySet(ulong[] contents, ulong[] looks) => (_contents, _looks) = (contents, looks);

    /// <summary>The most images of a set: 16,777,216.</summary>
    public const int MaxCount = 1 << 24;

    /// <summary>A set without images.</summary>
    public static ImageIdentitySet Empty { get; } = new([], []);

    /// <summary>How many images it has; copies of one file count once.</summary>
    public int Count => _contents.Length;

    /// <summary>How an image is in the set.</summary>
    public ImageMatch Find(ImageIdentity image)
    {
        if (Array.BinarySearch(_contents, image.ContentHash) >= 0) return ImageMatch.Identical;
        return Array.Exists(_looks, look => PerceptualHash.LookAlike(look, image.PerceptualHash)) ? ImageMatch.LookAlike : ImageMatch.None;
    }

    /// <summary>Counts the images of a collection that are in the set.</summary>
    /// <param name="images">The collection; each of its images counts, repeated ones as often as they are there.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public ImageOverlap IntersectWith(IEnumerable<ImageIdentity> images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        int identical = 0, lookAlike = 0;
        foreach (ImageIdentity image in images)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ImageMatch match = Find(image);
            identical += match == ImageMatch.Identical ? 1 : 0;
            lookAlike += match == ImageMatch.LookAlike ? 1 : 0;
        }

        return new(identical, lookAlike);
    }

    /// <summary>The images of both sets.</summary>
    /// <exception cref="ArgumentException">They are more than <see cref="MaxCount"/>.</exception>
    public ImageIdentitySet Union(ImageIdentitySet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Sorted(_contents.Concat(other._contents), nameof(other)), Sorted(_looks.Concat(other._looks), nameof(other)));
    }

    private static ulong[] Sorted(IEnumerable<ulong> hashes, string parameter)
    {
        ulong[] sorted = [.. hashes.Distinct()];
        if (sorted.Length > MaxCount)
            throw new ArgumentException($"A set has at most {MaxCount:N0} images, but this one would have {sorted.Length:N0}.", parameter);
        Array.Sort(sorted);
        return sorted;
    }
}
