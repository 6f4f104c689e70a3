using BitMiracle.LibTiff.Classic;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Scenes;

/// <summary>A scene's samples, and which of its pixels have data, window by window: memory holds no mask of the whole scene.</summary>
/// <remarks>
/// A pixel has data where one of its color bands does, and where neither its alpha nor the file's mask is 0. Not safe for concurrent use.
/// </remarks>
internal sealed class SceneData
{
    private const byte Colored = 1, Opaque = 2, Unmasked = 4;
    private readonly TiffFile _file;
    private readonly TiffBands _bands;
    private readonly SampleFilter _filter;
    private readonly int[] _read;
    private readonly bool _inverted;
    private readonly int _most;
    private uint[] _keys = [];

    public SceneData(TiffFile file, TiffBands bands, ImageDecodingOptions decoding)
    {
        TiffFields fields = file.Image.Fields;
        (_file, _bands) = (file, bands);
        _filter = new SampleFilter(fields.SampleType, fields.Bits, decoding.NoData ?? file.NoData, mask: null);
        _read = bands.Alpha is { } alpha ? [.. bands.Taken, alpha] : bands.Taken;
        (_inverted, _most) = (fields.Photometric == Photometric.MINISWHITE, (1 << Math.Min(fields.Bits, 8)) - 1);
    }

    public TiffImage Image => _file.Image;

    /// <summary>Whether nothing says that pixels have no data, so that all have, whatever they are.</summary>
    public bool IsAllData => _filter.TakesAll && _bands.Alpha is null && _file.Mask is null;

    /// <summary>Checks that the file has the bytes that its header declares.</summary>
    /// <exception cref="SwanImageException">It is cut off.</exception>
    public void ThrowUnlessWhole()
    {
        _file.Image.ThrowUnlessWhole(_read);
        _file.Mask?.ThrowUnlessWhole([0]);
    }

    /// <summary>Reads a window as 8-bit colors.</summary>
    /// <param name="window">Within the scene.</param>
    /// <param name="map">What deep samples become; null for ones of 8 bits.</param>
    /// <param name="pixels">Blue, green, red and 255 for each pixel with data, else four zeros.</param>
    /// <param name="token">Ends reading.</param>
    /// <param name="overview">An overview of the scene, whose pixels the window then is of; null: the scene itself.</param>
    public void Read(PixelWindow window, SampleMap? map, byte[] pixels, CancellationToken token, TiffImage? overview = null)
    {
        TiffImage image = overview ?? _file.Image;
        TiffImage? mask = _file.MaskOf(image);
        int bytes = checked(window.Width * window.Height * 4);
        pixels.AsSpan(0, bytes).Clear();
        bool gray = _bands.Taken.Length == 1;
        image.Read(window, _read, (x, y, band, row) =>
        {
            Span<byte> at = At(x, y);
            Span<uint> keys = Keys(row);
            if (band == _bands.Taken.Length) Show(at, keys, Zero(row.Type), Opaque);
            else Color(at, keys, row.Type, map, gray ? -1 : 2 - band);
        }, token);
        mask?.Read(window, [0], (x, y, _, row) => Show(At(x, y), Keys(row), Zero(row.Type), Unmasked), token);
        int wanted = Colored | (_bands.Alpha is null ? 0 : Opaque) | (mask is null ? 0 : Unmasked);
        SetOpaque(pixels.AsSpan(0, bytes), (byte)wanted);

        Span<byte> At(int x, int y) => pixels.AsSpan((y * window.Width + x) * 4);
    }

    /// <summary>Gives the keys of a window's samples with data to a histogram.</summary>
    public void Count(PixelWindow window, Action<uint[], int> take, CancellationToken token)
    {
        int pixels = checked(window.Width * window.Height);
        bool[]? hidden = _bands.Alpha is null && _file.Mask is null ? null : new bool[pixels];
        var samples = new uint[_bands.Taken.Length][];
        for (int b = 0; b < samples.Length; b++) samples[b] = new uint[pixels];
        _file.Image.Read(window, _read, (x, y, band, row) =>
        {
            int at = y * window.Width + x;
            Span<uint> keys = Keys(row);
            if (band < samples.Length) keys.CopyTo(samples[band].AsSpan(at));
            else Mark(at, keys, Zero(row.Type));
        }, token);
        _file.Mask?.Read(window, [0], (x, y, _, row) => Mark(y * window.Width + x, Keys(row), Zero(row.Type)), token);
        foreach (uint[] band in samples)
        {
            int kept = 0;
            for (int i = 0; i < band.Length; i++)
            {
                if (hidden?[i] != true && _filter.Takes(band[i], 0, 0)) band[kept++] = band[i];
            }
            take(band, kept);
        }

        void Mark(int at, Span<uint> keys, uint zero)
        {
            for (int i = 0; i < keys.Length; i++) hidden![at + i] |= keys[i] == zero;
        }
    }

    private Span<uint> Keys(TiffRow row)
    {
        if (_keys.Length < row.Count) _keys = new uint[row.Count];
        Span<uint> keys = _keys.AsSpan(0, row.Count);
        SampleKeys.Write(row, keys);
        return keys;
    }

    private static uint Zero(TiffSampleType type) => SampleKeys.Of(type, 0)!.Value;

    private static void Show(Span<byte> at, Span<uint> keys, uint zero, byte mark)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] != zero) at[i * 4 + 3] |= mark;
        }
    }

    // channel: of blue, green and red; −1 for all three.
    private void Color(Span<byte> at, Span<uint> keys, TiffSampleType type, SampleMap? map, int channel)
    {
        byte[]? table = map?.Table;
        for (int i = 0; i < keys.Length; i++)
        {
            uint key = keys[i];
            if (!_filter.TakesAll && !_filter.Takes(key, 0, 0)) continue;
            byte value = table is not null ? table[key] : map is not null ? map.Of(type, key) : (byte)(key * byte.MaxValue / (uint)_most);
            if (_inverted) value = (byte)(byte.MaxValue - value);
            Span<byte> pixel = at.Slice(i * 4, 4);
            pixel[3] |= Colored;
            if (channel >= 0) pixel[channel] = value;
            else pixel[0] = pixel[1] = pixel[2] = value;
        }
    }

    private static void SetOpaque(Span<byte> pixels, byte wanted)
    {
        for (int i = 3; i < pixels.Length; i += 4)
        {
            if (pixels[i] == wanted) pixels[i] = byte.MaxValue;
            else pixels[(i - 3)..(i + 1)].Clear();
        }
    }
}
