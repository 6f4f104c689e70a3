using Swan.Batch.Runs;
using Swan.MLNet.Imaging;

namespace Swan.Batch.Jobs;

/// <summary>Images of a shard for which there is no memory, though nothing else takes any: a second time they are bad rows.</summary>
/// <remarks>
/// Once, memory may have been short because of something else, and the attempt ends with "again", after all that can be done is. An image
/// that takes more than there is would end every attempt, and the other rows of its shard would never be done.
/// </remarks>
/// <param name="before">Those of earlier attempts; null: there is no attempt after this one.</param>
internal sealed class ExhaustedMemory(IReadOnlySet<string>? before)
{
    private readonly List<string> _again = [];
    private Exception? _fault;

    /// <summary>What is embedded for an estimate: it ends no matter what.</summary>
    public static ExhaustedMemory OfTheOnlyAttempt() => new(null);

    /// <summary>Reads what earlier attempts have said.</summary>
    public static async Task<ExhaustedMemory> ReadAsync(RunStore runs, RunPlan plan, int shard, CancellationToken cancellation)
    {
        var images = new HashSet<string>(StringComparer.Ordinal);
        foreach (string key in await runs.KeysAsync(RunNames.Attempts(plan.Id, shard), cancellation).ConfigureAwait(false))
        {
            AttemptRecord? earlier = await runs.ReadAsync(key, RunJson.Document.AttemptRecord, cancellation).ConfigureAwait(false);
            images.UnionWith(earlier?.OutOfMemory ?? []);
        }
        return new ExhaustedMemory(images);
    }

    /// <summary>Whether an image's fault is that there was no memory for it.</summary>
    public static bool Is(Exception fault) => fault is OutOfMemoryException or SwanImageException { InnerException: OutOfMemoryException };

    /// <summary>Whether an image must be tried alone.</summary>
    public bool NeedsAll(string image) => before?.Contains(image) == true;

    /// <summary>Takes note of an image that there is no memory for, alone.</summary>
    /// <returns>Its fault; null where it is to be tried again, in another attempt.</returns>
    public SwanImageException? Judge(string image, Exception fault)
    {
        if (before?.Contains(image) != false)
        {
            return new SwanImageException(image, ImageFault.TooLarge,
                $"memory ran out{(before is null ? "" : " in two attempts")}, though it was read alone. "
                + $"{ImageDecodingOptions.Tile(image)}, or give the job more memory and retry it.", fault);
        }
        _again.Add(image);
        _fault ??= fault;
        return null;
    }

    /// <summary>Ends the attempt where images are to be tried again.</summary>
    /// <exception cref="ImageMemoryException">There are some.</exception>
    public void ThrowIfAny()
    {
        if (_fault is not null) throw new ImageMemoryException(_again, _fault);
    }
}
