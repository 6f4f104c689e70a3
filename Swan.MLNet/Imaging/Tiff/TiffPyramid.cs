namespace Swan.MLNet.Imaging;

/// <summary>The further directories of a TIFF that belong to its first image: overviews, and masks of it and of them.</summary>
internal sealed class TiffPyramid
{
    private const int Reduced = 1, Transparency = 4;

    // Each halves the one before; a file that has more has other pages, and one that never ends is found out.
    private const int MaxDirectories = 64;

    private readonly List<TiffImage> _overviews = [];
    private readonly List<TiffImage> _masks = [];
    private readonly TiffImage _image;

    private TiffPyramid(TiffImage image) => _image = image;

    public IReadOnlyList<TiffImage> Overviews => _overviews;

    public static TiffPyramid Read(
        TiffSource source, TiffDirectory main, long mainOffset, TiffImage image, ImageDecodingOptions options)
    {
        var pyramid = new TiffPyramid(image);
        var seen = new HashSet<long> { mainOffset };
        var next = new Queue<long>();
        int entries = TiffDirectory.MaxEntries;
        next.Enqueue(main.Next);
        foreach (long inside in main.Numbers(TiffTags.SubIfds, 0, MaxDirectories)) next.Enqueue(inside);
        while (next.TryDequeue(out long offset) && seen.Count <= MaxDirectories)
        {
            if (offset == 0 || !seen.Add(offset)) continue;
            try
            {
                TiffDirectory directory = TiffDirectory.ReadFurther(source, main.Order, offset, main.Name, ref entries);
                next.Enqueue(directory.Next);
                pyramid.Take(source, directory, options);
            }
            catch (SwanImageException)
            {
                // The picture itself is whole: a page of another kind, or a damaged one, is as good as none.
            }
        }

        pyramid._overviews.Sort((a, b) => b.Fields.Width.CompareTo(a.Fields.Width));
        return pyramid;
    }

    public TiffImage? MaskOf(TiffImage image) =>
        _masks.Find(m => m.Fields.Width == image.Fields.Width && m.Fields.Height == image.Fields.Height);

    private void Take(TiffSource source, TiffDirectory directory, ImageDecodingOptions options)
    {
        long kind = directory.Number(TiffTags.NewSubfileType, 0);
        bool mask = (kind & Transparency) != 0;
        if (!mask && (kind & Reduced) == 0) return;
        var image = new TiffImage(source, directory, options, mask ? "mask" : "overview");
        if (mask && image.Fields.Samples == 1) _masks.Add(image);
        if (!mask && IsOverview(image.Fields)) _overviews.Add(image);
    }

    // A thumbnail of another kind, such as a JPEG preview of a raw photo, has other samples.
    private bool IsOverview(TiffFields fields) =>
        fields.Samples == _image.Fields.Samples && fields.SampleType == _image.Fields.SampleType && fields.Bits == _image.Fields.Bits
        && fields.Width <= _image.Fields.Width && fields.Height <= _image.Fields.Height;
}
