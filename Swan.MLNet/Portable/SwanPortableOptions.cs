namespace Swan.MLNet.Portable;

/// <summary>Options of <see cref="SwanCatalog.SavePortable"/>.</summary>
public sealed class SwanPortableOptions
{
    // ML.NET's own limit of a column of images.
    private const long MaxAllowedPixels = int.MaxValue / 4;

    /// <summary>
    /// Width in pixels of every image that the saved pipeline will be given, at least 1 (default null: the size of the pipeline's image
    /// column).
    /// </summary>
    /// <remarks>Required for paths of image files, which don't declare a size. The saved pipeline fails at an image of any other
    /// size.</remarks>
    public int? ImageWidth { get; set; }

    /// <summary>Height in pixels of every image that the saved pipeline will be given; goes with <see cref="ImageWidth"/>.</summary>
    public int? ImageHeight { get; set; }

    internal SwanPortableOptions Copy() => (SwanPortableOptions)MemberwiseClone();

    /// <summary>Reports all that is wrong at once.</summary>
    internal void Check()
    {
        var faults = new List<string>();
        if (ImageWidth is < 1) faults.Add($"{nameof(ImageWidth)} is {ImageWidth}; expected at least 1, or null");
        if (ImageHeight is < 1) faults.Add($"{nameof(ImageHeight)} is {ImageHeight}; expected at least 1, or null");
        if (ImageWidth.HasValue != ImageHeight.HasValue)
            faults.Add($"only one of {nameof(ImageWidth)} and {nameof(ImageHeight)} is set; expected both or none");
        if ((long)(ImageWidth ?? 1) * (ImageHeight ?? 1) > MaxAllowedPixels)
        {
            faults.Add(
                $"{ImageWidth}×{ImageHeight} are {(long)ImageWidth!.Value * ImageHeight!.Value:N0} pixels; "
                + $"ML.NET's limit is {MaxAllowedPixels:N0}");
        }
        if (faults.Count > 0)
        {
            throw new ArgumentOutOfRangeException("options",
                $"The options of the portable save are not valid: {string.Join("; ", faults)}.");
        }
    }
}
