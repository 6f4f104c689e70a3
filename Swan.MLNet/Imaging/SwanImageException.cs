namespace Swan.MLNet.Imaging;

/// <summary>An image that can't be decoded.</summary>
/// <remarks>The message names the image and the remedy.</remarks>
public sealed class SwanImageException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="imageName">The file's path, or the name the caller gave the bytes.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <param name="detail">The finding and the expectation.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanImageException(string imageName, ImageFault fault, string detail, Exception? innerException = null)
        : base($"'{imageName}' can't be used as an image: {detail}", innerException) =>
        (ImageName, Fault, Detail) = (imageName, fault, detail);

    /// <summary>A file whose bytes end too early.</summary>
    internal static SwanImageException Truncated(string imageName) =>
        new(imageName, ImageFault.Truncated, "it ends before its image does. Copy it again from its source.");

    /// <summary>A file that contradicts itself.</summary>
    /// <param name="imageName">The file's path, or the name the caller gave the bytes.</param>
    /// <param name="what">The fault, without a full stop.</param>
    internal static SwanImageException Corrupt(string imageName, string what) =>
        new(imageName, ImageFault.Corrupt, $"{what}. Copy it again from its source.");

    /// <summary>The file's path, or the name the caller gave the bytes.</summary>
    public string ImageName { get; }

    /// <summary>Why it was refused.</summary>
    public ImageFault Fault { get; }

    /// <summary>The finding and the expectation.</summary>
    internal string Detail { get; }
}
