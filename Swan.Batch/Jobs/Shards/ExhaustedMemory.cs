using Swan.Batch.Runs;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Jobs;

/// <summary>Images of a shard at which earlier attempts ran out of memory: what fails so a second time is a bad row.</summary>
/// <remarks>
/// Once, memory may have been short because of something else, and the attempt ends with "again". An image that takes more than there is
/// would end every attempt, and the other rows of its shard would never be done.
/// </remarks>
/// <param name="images">Their keys.</param>
internal sealed class ExhaustedMemory(IReadOnlySet<string> images)
{
    /// <summary>What is embedded for an estimate: it ends no matter what.</summary>
    public static ExhaustedMemory All(IEnumerable<string> images) => new(images.ToHashSet(StringComparer.Ordinal));

    /// <summary>Reads what earlier attempts have said.</summary>
    public static async Task<ExhaustedMemory> ReadAsync(RunStore runs, RunPlan plan, int shard, CancellationToken cancellation)
    {
        var images = new HashSet<string>(StringComparer.Ordinal);
        foreach (string key in await runs.KeysAsync(RunNames.Attempts(plan.Id, shard), cancellation).ConfigureAwait(false))
        {
            AttemptRecord? earlier = await runs.ReadAsync(key, RunJson.Document.AttemptRecord, cancellation).ConfigureAwait(false);
            if (earlier?.OutOfMemory is { } image) images.Add(image);
        }
        return new ExhaustedMemory(images);
    }

    /// <summary>Whether an image's fault is that there was no memory for it.</summary>
    public static bool Is(Exception fault) => fault is OutOfMemoryException or SwanImageException { InnerException: OutOfMemoryException };

    /// <summary>The fault of an image that there was no memory for a second time.</summary>
    /// <exception cref="ImageMemoryException">It is the first time.</exception>
    public SwanImageException Judge(string image, Exception fault) => images.Contains(image)
        ? new SwanImageException(image, ImageFault.TooLarge,
            "memory ran out at it in two attempts. Tile the image, or give the job more memory and try it again.", fault)
        : throw new ImageMemoryException(image, fault);
}

/// <summary>There was no memory for an image.</summary>
/// <param name="image">Its key.</param>
/// <param name="fault">What was thrown.</param>
internal sealed class ImageMemoryException(string image, Exception fault)
    : OutOfMemoryException($"There was no memory for '{image}'. If that is so again, it becomes a bad row.", fault)
{
    public string Image { get; } = image;
}
