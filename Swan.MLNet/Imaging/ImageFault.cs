namespace Swan.MLNet.Imaging;

/// <summary>Why an image was refused.</summary>
public enum ImageFault
{
    /// <summary>The file doesn't exist, or no path was given.</summary>
    Missing,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The bytes match no supported format.</summary>
    NotAnImage,

    /// <summary>The file ends before its image does.</summary>
    Truncated,

    /// <summary>The file contradicts itself or its coded data can't be decoded.</summary>
    Corrupt,

    /// <summary>The image has more pixels, or the file more bytes, than the limits allow.</summary>
    TooLarge,

    /// <summary>A valid image of an unsupported kind.</summary>
    Unsupported,

    /// <summary>The file exists but can't be read.</summary>
    Unreadable,

    /// <summary>The path leads out of the folder that images are restricted to.</summary>
    OutsideFolder,

    /// <summary>The share of samples with data is below <see cref="ImageDecodingOptions.MinValidShare"/>.</summary>
    NoData,
}
