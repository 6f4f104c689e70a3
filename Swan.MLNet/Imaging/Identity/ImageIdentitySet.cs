using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>The identities of many images, such as all training images of a model.</summary>
/// <remarks>
/// Holds two sorted lists of 8-byte hashes, each hash once: content hashes of the files and perceptual hashes of the pictures. 16 bytes per
/// image. Immutable and safe for concurrent use.
/// </remarks>
public sealed partial class ImageIdentitySet
{
    /// <summary>The most images of a set: 16,777,216.</summary>
    public const int MaxCount = 1 << 24;

    private readonly ulong[] _contents, _looks;
    private readonly Lazy<NearHashes> _near;

    /// <summary>Makes a set.</summary>
    /// <param name="images">In any order; repeated ones count once.</param>
    /// <param name="isComplete">Whether the list is complete, see <see cref="IsComplete"/>.</param>
    /// <exception cref="ArgumentException">There are more than <see cref="MaxCount"/> different images.</exception>
    public ImageIdentitySet(IEnumerable<ImageIdentity> images, bool isComplete = true)
        : this([.. images ?? throw new ArgumentNullException(nameof(images))], isComplete)
    {
    }

    private ImageIdentitySet(ImageIdentity[] images, bool isComplete) : this(
        Sorted(images.Select(i => i.ContentHash), nameof(images)),
        Sorted(images.Select(i => i.PerceptualHash).Where(look => look != PerceptualHash.None), nameof(images)),
        isComplete)
    {
    }

    private ImageIdentitySet(ulong[] contents, ulong[] looks, bool isComplete)
    {
        (_contents, _looks, IsComplete) = (contents, looks, isComplete);
        _near = new(() => new NearHashes(_looks));
    }

    /// <summary>A complete set without images.</summary>
    public static ImageIdentitySet Empty { get; } = new([]);

    /// <summary>The number of images; copies of one file count once.</summary>
    public int Count => _contents.Length;

    /// <summary>Whether the set lists all its images.</summary>
    /// <remarks>
    /// False if some images are unknown, such as those of a teacher trained with an earlier version. An image that isn't found may be one
    /// of them.
    /// </remarks>
    public bool IsComplete { get; }

    // Files that are flat, or look exactly as another one does.
    private int WithoutOwnLook => Math.Max(0, _contents.Length - _looks.Length);

    /// <summary>How an image is in the set.</summary>
    public ImageMatch Find(ImageIdentity image)
    {
        if (Array.BinarySearch(_contents, image.ContentHash) >= 0) return ImageMatch.Identical;
        return _near.Value.First(image.PerceptualHash) >= 0 ? ImageMatch.LookAlike : ImageMatch.None;
    }

    /// <summary>Counts the images of a collection that are in the set.</summary>
    /// <param name="images">The collection; repeated images count each time.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public ImageOverlap IntersectWith(IEnumerable<ImageIdentity> images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ImageIdentity[] all = [.. images];
        int identical = 0, lookAlike = 0;
        ParallelWork.Run(() => Parallel.For(0, all.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            ImageMatch match = Find(all[i]);
            if (match == ImageMatch.Identical) Interlocked.Increment(ref identical);
            else if (match == ImageMatch.LookAlike) Interlocked.Increment(ref lookAlike);
        }));

        return new(identical, lookAlike);
    }

    /// <summary>
    /// Counts another set's images in this set. A set doesn't link pictures to files, so the look-alike count excludes one picture for each
    /// identical file.
    /// </summary>
    /// <remarks>
    /// Identical flat files have no picture to exclude. The flat files are unknown, but both sets have at least that many more files than
    /// pictures. So the count is too high by at most the smaller of the two differences.
    /// </remarks>
    internal ImageOverlap IntersectWith(ImageIdentitySet other)
    {
        int identical = other._contents.Count(c => Array.BinarySearch(_contents, c) >= 0);
        int looks = other._looks.Count(l => _near.Value.First(l) >= 0);
        int flat = Math.Min(WithoutOwnLook, other.WithoutOwnLook);
        return new(identical, Math.Max(0, looks - Math.Max(0, identical - flat)));
    }

    /// <summary>The images of both sets; complete where both are.</summary>
    /// <exception cref="ArgumentException">The union has more than <see cref="MaxCount"/> images.</exception>
    public ImageIdentitySet Union(ImageIdentitySet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(
            Sorted(_contents.Concat(other._contents), nameof(other)), Sorted(_looks.Concat(other._looks), nameof(other)),
            IsComplete && other.IsComplete);
    }

    /// <summary>The same images, marked as incomplete.</summary>
    public ImageIdentitySet WithUnknownImages() => new(_contents, _looks, isComplete: false);

    /// <summary>Whether two sets have the same images.</summary>
    internal bool HasSameImages(ImageIdentitySet other) => _contents.AsSpan().SequenceEqual(other._contents);

    private static ulong[] Sorted(IEnumerable<ulong> hashes, string parameter)
    {
        ulong[] sorted = [.. hashes.Distinct()];
        if (sorted.Length > MaxCount)
            throw new ArgumentException($"A set has at most {MaxCount:N0} images, but this one would have {sorted.Length:N0}.", parameter);
        Array.Sort(sorted);
        return sorted;
    }
}
