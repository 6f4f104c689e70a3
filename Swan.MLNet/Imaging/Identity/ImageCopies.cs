using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>Images of a collection that are there more than once.</summary>
internal static class ImageCopies
{
    /// <summary>Counts the images that are copies of an earlier one.</summary>
    /// <returns>How many are an earlier one's file byte for byte, and how many others look the same as an earlier one.</returns>
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
