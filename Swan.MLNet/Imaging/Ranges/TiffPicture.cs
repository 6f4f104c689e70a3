using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Scheduling;

namespace Swan.MLNet.Imaging;

/// <summary>Gray and RGB pictures of a TIFF of any sample type, band by band and row by row.</summary>
/// <remarks>
/// A deep picture is read twice, or three times where its samples have 32 bits: for its percentiles, then for its pixels. It is never in
/// memory whole but as 8-bit RGB. Samples of more than 8 bits without data become black; those of 8 bits keep their value.
/// </remarks>
internal sealed class TiffPicture
{
    private readonly TiffFields _fields;
    private readonly TiffBands _bands;
    private readonly SampleMap? _map;
    private readonly SampleFilter _filter;
    private readonly byte[] _rgb;
    private readonly bool _inverted;
    private uint[] _keys = [];
    private long _none;
    private uint _most;

    private TiffPicture(TiffFields fields, TiffBands bands, SampleMap? map, SampleFilter filter)
    {
        (_fields, _bands, _map, _filter) = (fields, bands, map, filter);
        _inverted = fields.Photometric == Photometric.MINISWHITE;
        _rgb = GC.AllocateUninitializedArray<byte>(checked(fields.Width * fields.Height * 3));
    }

    /// <summary>Reads the picture.</summary>
    /// <param name="file">Gray or RGB; its first image is read.</param>
    /// <param name="bands">Its bands.</param>
    /// <param name="options">The caller's range, value of no data and least share of data, and the model's rule.</param>
    /// <param name="name">What error messages call the file.</param>
    /// <exception cref="SwanImageException">Its data are truncated or corrupt, are too few, or don't say how bright they are.</exception>
    public static RgbImage Read(TiffFile file, TiffBands bands, ImageDecodingOptions options, string name)
    {
        TiffFields fields = file.Image.Fields;
        DecodeTurn.Charge(BytesOf(file, bands));
        SampleMap? map = fields.SampleType == TiffSampleType.Byte ? null : SampleMap.Choose(file, bands, options, name);
        double? noData = options.NoData ?? file.NoData;
        var mask = PixelMask.Read(file.Image, file.Mask, bands.Alpha);
        var picture = new TiffPicture(fields, bands, map, new SampleFilter(fields.SampleType, noData, mask));
        file.Image.Read(new PixelWindow(0, 0, fields.Width, fields.Height), bands.Taken, picture.Take);
        if (map is { IsAssumed: true } && picture._most < DarkSamples.Least) throw DarkSamples.Fault(name);
        double valid = picture.ValidShare;
        if (valid < options.MinValidShare)
        {
            throw new SwanImageException(name, ImageFault.NoData, FormattableString.Invariant(
                $"only {valid:P1} of its samples have data; {options.MinValidShare:P1} must. The others are masked, see-through, the value ")
                + $"for no data or no numbers. Leave it out, or lower {nameof(ImageDecodingOptions.MinValidShare)} (--min-valid).");
        }

        RgbImage image = fields.Orientation.IsUpright
            ? new RgbImage(fields.Width, fields.Height, picture._rgb)
            : fields.Orientation.Upright(picture._rgb, 3, fields.Width, fields.Height);
        image.Reading = picture.Describe(image, noData, file.Mask is not null);
        return image;
    }

    private double ValidShare => 1 - _none / ((double)_fields.Width * _fields.Height * _bands.Taken.Length);

    private static long BytesOf(TiffFile file, TiffBands bands)
    {
        TiffFields fields = file.Image.Fields;
        long pixels = (long)fields.Width * fields.Height;
        bool deep = fields.SampleType != TiffSampleType.Byte;
        return pixels * (fields.Orientation.IsUpright ? 3 : 6) + file.Image.ReadingBytes + (deep ? SampleStatistics.Bytes : 0)
            + (bands.Alpha is not null || file.Mask is not null ? 2 * PixelMask.BytesOf(fields.Width, fields.Height) : 0);
    }

    private void Take(int x, int y, int band, TiffRow row)
    {
        if (_keys.Length < row.Count) _keys = new uint[row.Count];
        Span<uint> keys = _keys.AsSpan(0, row.Count);
        SampleKeys.Write(row, keys);
        int to = (y * _fields.Width + x) * 3;
        bool gray = _bands.Taken.Length == 1;
        int full = (1 << _fields.Bits) - 1;
        for (int i = 0; i < keys.Length; i++, to += 3)
        {
            uint key = keys[i];
            bool valid = _filter.Takes(key, x + i, y);
            if (valid) _most = Math.Max(_most, key);
            else _none++;
            byte value;
            if (_map is null) value = Shade(full == byte.MaxValue ? (byte)key : (byte)(key * byte.MaxValue / full));
            else value = valid ? Shade(_map.Of(row.Type, key)) : (byte)0;
            if (gray) _rgb.AsSpan(to, 3).Fill(value);
            else _rgb[to + band] = value;
        }
    }

    private byte Shade(byte value) => _inverted ? (byte)(byte.MaxValue - value) : value;

    private ImageReading Describe(RgbImage image, double? noData, bool hasMask) => new()
    {
        Format = "TIFF",
        Width = image.Width,
        Height = image.Height,
        Orientation = image.Orientation,
        Bits = _fields.Bits,
        SampleType = _fields.SampleType.ToString(),
        Bands = _fields.Samples,
        BandsTaken = [.. _bands.Taken.Select(b => b + 1)],
        BandsFrom = _bands.Source,
        RangeFrom = _map?.Source ?? RangeSource.EightBits,
        Low = _map?.Scale.Low,
        High = _map?.Scale.High,
        Percentiles = _map?.Percentiles,
        OverviewWidth = _map?.OverviewWidth,
        NoData = noData,
        HasMask = hasMask,
        HasAlpha = _bands.Alpha is not null,
        ValidShare = ValidShare,
    };
}
