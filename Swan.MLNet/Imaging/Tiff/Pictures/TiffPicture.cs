using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Gray and RGB pictures of a TIFF of any sample type, band by band and row by row.</summary>
/// <remarks>
/// A deep picture is read twice, or three times where its samples have 32 bits: for its percentiles, then for its pixels. It is never in
/// memory whole but as 8-bit RGB. Samples of more than 8 bits without data become black; those of 8 bits keep their value.
/// </remarks>
internal sealed class TiffPicture
{
    private readonly TiffData _data;
    private readonly SampleMap? _map;
    private readonly SampleFilter _filter;
    private readonly bool _gray, _inverted;
    private readonly int _width, _most;
    private RgbImage? _stored;
    private uint[] _keys = [];
    private long _valid;
    private uint _highest;

    private TiffPicture(TiffData data, SampleMap? map)
    {
        (_data, _map, _filter) = (data, map, data.Filter(data.Image));
        (_gray, _inverted) = (data.Bands.Taken.Length == 1, data.Fields.Photometric == Photometric.MINISWHITE);
        (_width, _most) = (data.Fields.Width, (1 << Math.Min(data.Fields.Bits, 8)) - 1);
    }

    /// <summary>Reads the picture.</summary>
    /// <exception cref="SwanImageException">Its data are truncated or corrupt, are too few, or don't say how bright they are.</exception>
    public static RgbImage Read(TiffData data)
    {
        TiffFields fields = data.Fields;
        bool deep = fields.SampleType != TiffSampleType.Byte;
        long pixels = (long)fields.Width * fields.Height;
        long besides = data.Image.ReadingBytes + 2 * data.MaskBytes + (deep ? SampleStatistics.Bytes : 0);
        ImageDecodingOptions.Charge(data.Name, pixels * (fields.Orientation.IsUpright ? 3 : 6) + besides);
        SampleMap? map = deep ? SampleMap.Choose(data) : null;
        var picture = new TiffPicture(data, map);
        data.Image.Read(data.Whole, data.Bands.Taken, picture.Take);
        if (map is { IsAssumed: true } && picture._highest < DarkSamples.Least) throw DarkSamples.Fault(data.Name);
        return data.Upright(picture._stored!, map, data.CheckedShare(picture._valid));
    }

    private void Take(int x, int y, int band, TiffRow row)
    {
        // Only once something could be decoded: a small file that claims many pixels is found out before memory is taken for them.
        _stored ??= RgbImage.Create(_width, _data.Fields.Height);
        Span<byte> to = _stored.Rgb[((y * _width + x) * 3 + (_gray ? 0 : band))..];
        if (_map is null && _most == byte.MaxValue && _filter.TakesAll && !_inverted && !_gray)
        {
            row.CopyTo(to, stride: 3);
            _valid += row.Count;
            return;
        }

        if (_keys.Length < row.Count) _keys = new uint[row.Count];
        Span<uint> keys = _keys.AsSpan(0, row.Count);
        SampleKeys.Write(row, keys);
        for (int i = 0; i < keys.Length; i++)
        {
            uint key = keys[i];
            bool valid = _filter.Takes(key, x + i, y);
            if (valid)
            {
                _highest = Math.Max(_highest, key);
                _valid++;
            }
            byte value = _map is null ? (byte)(key * byte.MaxValue / (uint)_most) : valid ? _map.Of(row.Type, key) : (byte)0;
            if (_inverted && (valid || _map is null)) value = (byte)(byte.MaxValue - value);
            to[i * 3] = value;
            if (_gray) to[i * 3 + 1] = to[i * 3 + 2] = value;
        }
    }
}
