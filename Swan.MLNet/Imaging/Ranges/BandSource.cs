namespace Swan.MLNet.Imaging;

/// <summary>Who chose the bands of an image.</summary>
public enum BandSource
{
    /// <summary>No choice was needed: the image has one band, or three or four with known colors.</summary>
    Format,

    /// <summary>The file marks them as red, green and blue.</summary>
    File,

    /// <summary>They are the first three, because the file marks none.</summary>
    First,

    /// <summary>The caller.</summary>
    Caller,
}
