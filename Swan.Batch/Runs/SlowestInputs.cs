namespace Swan.Batch.Runs;

/// <summary>The images of some that took longest.</summary>
internal sealed class SlowestInputs
{
    private const int Most = 10;

    private readonly PriorityQueue<SlowInput, double> _slowest = new(Most + 1);

    /// <summary>Adds an image, if it is one of those.</summary>
    public void Add(SlowInput input)
    {
        if (_slowest.Count < Most) _slowest.Enqueue(input, input.Seconds);
        else _slowest.EnqueueDequeue(input, input.Seconds);
    }

    /// <summary>The images, the slowest first.</summary>
    public IReadOnlyList<SlowInput> InOrder() =>
        [.. _slowest.UnorderedItems.Select(i => i.Element).OrderByDescending(i => i.Seconds).ThenBy(i => i.Image, StringComparer.Ordinal)];
}
