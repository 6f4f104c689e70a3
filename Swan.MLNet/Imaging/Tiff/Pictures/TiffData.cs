namespace Swan.MLNet.Imaging;

/// <summary>A TIFF that is being decoded: the bands that are taken, and which of their samples are data.</summary>
/// <param name="file">The open file.</param>
/// <param name="bands">The bands.</param>
/// <param name="options">The caller's value for no data and least share of data.</param>
/// <param name="name">The file's name in error messages.</param>
internal sealed class TiffData(TiffFile file, TiffBands bands, ImageDecodingOptions options, string name)
{
    public TiffFile File => file;

    public TiffImage Image => file.Image;

    public TiffFields Fields => file.Image.Fields;

    public TiffBands Bands => bands;

    public ImageDecodingOptions Options => options;

    public string Name => name;

    /// <summary>The sample that stands for no data: the caller's, else the file's; null without one.</summary>
    public double? NoData { get; } = options.NoData ?? file.NoData;

    /// <summary>The whole image.</summary>
    public PixelWindow Whole => new(0, 0, Fields.Width, Fields.Height);

    /// <summary>Bytes that masks take while they are read.</summary>
    public long MaskBytes => bands.Alpha is null && file.Mask is null ? 0 : PixelMask.BytesOf(Fields.Width, Fields.Height);

    /// <summary>Which samples are data.</summary>
    /// <param name="image">The image or an overview of it.</param>
    public SampleFilter Filter(TiffImage image) =>
        new(Fields.SampleType, Fields.Bits, NoData, PixelMask.Read(image, file.MaskOf(image), bands.Alpha));

    /// <summary>Counts the samples with data in a separate pass; skipped if nothing marks samples without data.</summary>
    /// <exception cref="SwanImageException">Too few are.</exception>
    public double MeasureValidShare()
    {
        SampleFilter filter = Filter(Image);
        if (filter.TakesAll) return 1;
        long valid = 0;
        uint[] keys = [];
        Image.Read(Whole, bands.Taken, (x, y, _, row) =>
        {
            if (keys.Length < row.Count) keys = new uint[row.Count];
            SampleKeys.Write(row, keys);
            valid += filter.Keep(keys.AsSpan(0, row.Count), x, y);
        });
        return CheckedShare(valid);
    }

    /// <summary>The share of the samples that are data.</summary>
    /// <exception cref="SwanImageException">Too few are.</exception>
    public double CheckedShare(long valid)
    {
        double share = valid / ((double)Fields.Width * Fields.Height * bands.Taken.Length);
        return share >= options.MinValidShare ? share : throw new SwanImageException(name, ImageFault.NoData,
            FormattableString.Invariant($"only {share * 100:0.##} % of its samples have data; ")
            + FormattableString.Invariant($"at least {options.MinValidShare * 100:0.##} % is expected. ")
            + $"The others have none because {Causes()}. {WhatToDo("Leave it out")}, or lower "
            + $"{nameof(ImageDecodingOptions.MinValidShare)} (--min-valid).");
    }

    /// <summary>The marks of samples without data, after "because".</summary>
    public string Causes()
    {
        var causes = new List<string>();
        if (bands.Alpha is { } alpha) causes.Add($"band {alpha + 1}, which is marked as alpha, is 0 there");
        if (file.Mask is not null) causes.Add("its mask is 0 there");
        string by = options.NoData is null ? "GDAL_NODATA" : "as requested";
        if (NoData is { } value) causes.Add(FormattableString.Invariant($"they are {value}, the no-data value ({by})"));
        if (Fields.SampleType is TiffSampleType.Single or TiffSampleType.Double)
            causes.Add("they are not a number, infinite, or the lowest float");
        return string.Join(", or ", causes);
    }

    /// <summary>The remedy for samples wrongly marked as no data, after another remedy.</summary>
    public string WhatToDo(string first) => bands.Alpha is null || bands.Taken.Length != 3
        ? first
        : $"{first}, name the bands if that band is not alpha ({nameof(ImageDecodingOptions.Bands)}, --bands "
            + $"{BandList.Text(bands.Taken.Select(b => b + 1))})";

    /// <summary>The upright image, and how it was read.</summary>
    /// <param name="stored">Its pixels as they are stored.</param>
    /// <param name="map">What its deep samples became; null for ones of 8 bits.</param>
    /// <param name="validShare">The share of its samples that are data.</param>
    public RgbImage Upright(RgbImage stored, SampleMap? map, double validShare)
    {
        RgbImage image = Fields.Orientation.IsUpright
            ? stored
            : Fields.Orientation.Upright(stored.Rgb, 3, Fields.Width, Fields.Height);
        image.Reading = new ImageReading
        {
            Format = "TIFF",
            Width = image.Width,
            Height = image.Height,
            Orientation = image.Orientation,
            Bits = Fields.Bits,
            SampleType = Fields.SampleType.ToString(),
            Bands = Fields.Samples,
            BandsTaken = [.. bands.Taken.Select(b => b + 1)],
            BandsFrom = bands.Source,
            RangeFrom = map?.Source ?? RangeSource.EightBits,
            Low = map?.Scale.Low,
            High = map?.Scale.High,
            Percentiles = map?.Percentiles,
            OverviewWidth = map?.OverviewWidth,
            NoData = NoData,
            HasMask = file.Mask is not null,
            HasAlpha = bands.Alpha is not null,
            ValidShare = validShare,
        };
        return image;
    }
}
