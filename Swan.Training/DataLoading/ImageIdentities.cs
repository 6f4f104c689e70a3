using System.Runtime.ExceptionServices;
using Swan.MLNet.Datasets;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.Training.DataLoading;

/// <summary>Identifies images where they are read.</summary>
internal static class ImageIdentities
{
    /// <summary>Reads a file once, for its picture and its identity, which is that of the full picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <exception cref="SwanImageException">The file is missing, or not an image that can be read whole.</exception>
    public static (RgbImage Picture, ImageIdentity Identity) Decode(string path, ImageDecodingOptions? options = null)
    {
        using IncomingFile file = ImageDecoder.ReadFile(path, options);
        RgbImage picture = file.Decode();
        return (picture, ImageIdentity.Create(file.Bytes, picture, path));
    }

    /// <summary>Reads and decodes a set's images for their identities alone.</summary>
    /// <returns>One for each image, in the set's order.</returns>
    /// <exception cref="SwanImageException">The first image that can't be read.</exception>
    /// <exception cref="IOException">This machine can't read a file.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static IReadOnlyList<ImageIdentity> Read(CaptionedImageSet set, CancellationToken cancellation) =>
        Read(set.Images.Count, i => Decode(set.Images[i].ImagePath).Identity, cancellation);

    /// <summary>Calls a reader for each image, as many at a time as the process decodes.</summary>
    /// <param name="count">Images.</param>
    /// <param name="read">Reads one of them. What it throws comes out as itself.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal static IReadOnlyList<ImageIdentity> Read(int count, Func<int, ImageIdentity> read, CancellationToken cancellation)
    {
        var identities = new ImageIdentity[count];
        var faults = new SwanImageException?[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = SwanResources.MaxDecodes, CancellationToken = cancellation };
        ParallelWork.Run(() => Parallel.For(0, count, parallel, (i, all) =>
        {
            try
            {
                identities[i] = read(i);
            }
            catch (SwanImageException fault)
            {
                faults[i] = fault;
                // Those before it are still read, so that the first fault is the one that is thrown.
                all.Break();
            }
        }));
        if (Array.Find(faults, f => f is not null) is { } first) ExceptionDispatchInfo.Throw(first);
        return identities;
    }
}
