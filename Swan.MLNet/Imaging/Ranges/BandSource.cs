namespace Swan.MLNet.Imaging;

/// <summary>Who chose the bands of an image.</summary>
public enum BandSource
{
    /// <summary>Nobody had to: it has one band, or three or four whose colors are known.</summary>
    Format,

    /// <summary>The file marks them as red, green and blue.</summary>
    File,

    /// <summary>They are the first three, because the file marks none.</summary>
    First,

    /// <summary>The caller.</summary>
    Caller,
}
