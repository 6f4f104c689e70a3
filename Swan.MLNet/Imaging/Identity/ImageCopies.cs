namespace Swan.MLNet.Imaging;

/// <summary>Images of a collection that are there more than once.</summary>
internal static class ImageCopies
{
    /// <summary>Counts the images that are copies of an earlier one.</summary>
    /// <returns>How many are an earlier one's file byte for byte, and how many others look the same as an earlier one.</returns>
    public static ImageOverlap Count(IReadOnlyList<ImageIdentity> images, CancellationToken cancellationToken = default)
    {
        ImageIdentity[] files = [.. images.DistinctBy(i => i.ContentHash)];
        var near = new NearHashes(Array.ConvertAll(files, f => f.PerceptualHash));
        int lookAlike = 0;
        for (int i = 0; i < files.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lookAlike += near.First(files[i].PerceptualHash, limit: i) >= 0 ? 1 : 0;
        }

        return new(images.Count - files.Length, lookAlike);
    }
}
