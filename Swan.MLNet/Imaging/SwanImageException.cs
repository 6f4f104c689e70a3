namespace Swan.MLNet.Imaging;

/// <summary>Why an image was refused.</summary>
public enum ImageFault
{
    /// <summary>There is no such file, or no path was given.</summary>
    Missing,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The bytes are of no format that is read here.</summary>
    NotAnImage,

    /// <summary>The file ends before its image does.</summary>
    Truncated,

    /// <summary>The file contradicts itself or its coded data can't be decoded.</summary>
    Corrupt,

    /// <summary>The image has more pixels, or the file more bytes, than the limits allow.</summary>
    TooLarge,

    /// <summary>A valid image of a kind that isn't read here.</summary>
    Unsupported,

    /// <summary>The file exists but can't be read.</summary>
    Unreadable,
}

/// <summary>An image can't be decoded. The message names it and says what to do.</summary>
public sealed class SwanImageException : SwanException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="imageName">The file's path, or the name the caller gave the bytes.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <param name="detail">What was found and what was expected.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SwanImageException(string imageName, ImageFault fault, string detail, Exception? innerException = null)
        : base($"'{imageName}' can't be used as an image: {detail}", innerException) => (ImageName, Fault) = (imageName, fault);

    /// <summary>The file's path, or the name the caller gave the bytes.</summary>
    public string ImageName { get; }

    /// <summary>Why it was refused.</summary>
    public ImageFault Fault { get; }
}
