namespace Swan.MLNet.Imaging;

/// <summary>EXIF and TIFF orientation: where the upright image's pixels lie in the stored one. Values outside 1–8 mean 1.</summary>
internal readonly record struct ExifOrientation(int Value)
{
    /// <summary>Whether the upright image is as wide as the stored one is high.</summary>
    public bool SwapsSides => Value is >= 5 and <= 8;

    /// <summary>The stored pixel that belongs at (x, y) of the upright image; width and height are the stored image's.</summary>
    public (int X, int Y) Source(int x, int y, int width, int height) => Value switch
    {
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        8 => (width - 1 - y, x),
        _ => (x, y),
    };
}
