using System.Runtime.ExceptionServices;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;

namespace Swan.Training.DataLoading;

/// <summary>Identifies images where they are read.</summary>
internal static class ImageIdentities
{
    /// <summary>Reads and decodes a file once, for its picture and its identity.</summary>
    /// <exception cref="SwanImageException">The file is missing, or not an image that can be read whole.</exception>
    public static (RgbImage Picture, ImageIdentity Identity) Decode(string path)
    {
        byte[] file = ImageDecoder.ReadFile(path, null);
        RgbImage picture = ImageDecoder.Decode(file, path);
        return (picture, ImageIdentity.Create(file, picture));
    }

    /// <summary>Reads and decodes a set's images for their identities alone.</summary>
    /// <returns>One for each image, in the set's order.</returns>
    /// <exception cref="SwanImageException">The first image that can't be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static IReadOnlyList<ImageIdentity> Read(CaptionedImageSet set, CancellationToken cancellation)
    {
        var identities = new ImageIdentity[set.Images.Count];
        var faults = new SwanImageException?[identities.Length];
        Parallel.For(0, identities.Length, new ParallelOptions { CancellationToken = cancellation }, (i, all) =>
        {
            try
            {
                identities[i] = Decode(set.Images[i].ImagePath).Identity;
            }
            catch (SwanImageException fault)
            {
                faults[i] = fault;
                // Those before it are still read, so that the first fault is the one that is thrown.
                all.Break();
            }
        });
        if (Array.Find(faults, f => f is not null) is { } first) ExceptionDispatchInfo.Throw(first);
        return identities;
    }
}
