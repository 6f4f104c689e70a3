using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>Images that occur more than once in a collection.</summary>
internal static class ImageCopies
{
    /// <summary>Counts the images that are copies of an earlier one.</summary>
    /// <returns>The number of images whose file equals an earlier one byte for byte, and the number of others that look the same as an
    /// earlier one.</returns>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static ImageOverlap Count(IReadOnlyList<ImageIdentity> images, CancellationToken cancellationToken = default)
    {
        ImageIdentity[] files = [.. images.DistinctBy(i => i.ContentHash)];
        var near = new NearHashes(Array.ConvertAll(files, f => f.PerceptualHash));
        int lookAlike = 0;
        ParallelWork.Run(() => Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            if (near.First(files[i].PerceptualHash, limit: i) >= 0) Interlocked.Increment(ref lookAlike);
        }));

        return new(images.Count - files.Length, lookAlike);
    }
}
