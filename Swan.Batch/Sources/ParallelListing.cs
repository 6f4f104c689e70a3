using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Swan.Batch.Sources;

/// <summary>Lists the parts of a source several at a time; the images come as they are found.</summary>
internal static class ParallelListing
{
    // What is found and not yet taken.
    private const int Ahead = 1000;

    /// <summary>Lists parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="degree">How many at a time.</param>
    /// <param name="list">Lists one.</param>
    /// <param name="cancellation">Ends the listing.</param>
    public static async IAsyncEnumerable<SourceImage> RunAsync<T>(
        IAsyncEnumerable<T> parts, int degree, Func<T, CancellationToken, IAsyncEnumerable<SourceImage>> list,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var found = Channel.CreateBounded<SourceImage>(Ahead);
        Task listing = Task.Run(() => FillAsync(parts, degree, list, found.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (SourceImage image in found.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return image;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await listing.ConfigureAwait(false);
        }
    }

    private static async Task FillAsync<T>(
        IAsyncEnumerable<T> parts, int degree, Func<T, CancellationToken, IAsyncEnumerable<SourceImage>> list,
        ChannelWriter<SourceImage> found, CancellationToken stop)
    {
        Exception? fault = null;
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = degree, CancellationToken = stop };
            await Parallel.ForEachAsync(parts, options, async (part, token) =>
            {
                await foreach (SourceImage image in list(part, token).ConfigureAwait(false))
                    await found.WriteAsync(image, token).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault = e;
        }
        found.Complete(fault);
    }
}
