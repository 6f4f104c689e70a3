using Swan.MLNet.Numerics;

namespace Swan.Batch.Jobs;

/// <summary>There was no memory for images, each alone.</summary>
/// <param name="images">Their keys.</param>
/// <param name="fault">What was thrown at the first.</param>
internal sealed class ImageMemoryException(IReadOnlyList<string> images, Exception fault) : OutOfMemoryException(Say(images), fault)
{
    /// <summary>Their keys.</summary>
    public IReadOnlyList<string> Images { get; } = images;

    private static string Say(IReadOnlyList<string> images) => images.Count == 1
        ? $"Memory ran out at '{images[0]}', alone. If this happens again, it becomes a bad row."
        : $"Memory ran out at '{images[0]}' and {Counted.Of(images.Count - 1, "other image")}, each alone. If this happens again, they "
            + "become bad rows.";
}
