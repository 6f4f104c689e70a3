using System.Text;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>Writes a GeoTIFF of tiles of 256×256 pixels, compressed by Deflate; memory holds one tile.</summary>
/// <remarks>
/// BigTIFF where the file could become larger than 4 GB. The directory comes last, so an unfinished file is not a TIFF. Not
/// safe for concurrent use.
/// <code>
/// var writer = new GeoTiffWriter(stream, format);
/// writer.Write(x, y, width, height, samples); // until all tiles are there, in any order
/// writer.Complete();
/// </code>
/// </remarks>
internal sealed class GeoTiffWriter
{
    /// <summary>Columns and rows of a tile.</summary>
    public const int TileSide = 256;

    private const int Deflate = 8;

    // Lists of where tiles lie are in memory: some 4 million of them, or 250 thousand million pixels.
    private const long MostTiles = 1 << 22;

    private readonly Stream _stream;
    private readonly RasterFormat _format;
    private readonly TiffEntries _entries;
    private readonly TileCoder _coder;
    private readonly byte[] _tile;
    private readonly long[] _offsets, _sizes;
    private readonly int _across;
    private readonly long _link;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Can be written and can seek; empty. Stays open.</param>
    /// <param name="format">What the pixels are.</param>
    /// <param name="big">Whether it is a BigTIFF; null: where it must be.</param>
    /// <exception cref="ArgumentException">The stream can't seek.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The format is not valid, or has too many pixels or bands.</exception>
    public GeoTiffWriter(Stream stream, RasterFormat format, bool? big = null) : this(stream, format, big, null)
    {
    }

    // link: where the page before points to this one; null for the first page.
    private GeoTiffWriter(Stream stream, RasterFormat format, bool? big, long? link)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(format);
        if (!stream.CanSeek) throw new ArgumentException("The stream can't seek; a TIFF's header is written last.", nameof(stream));
        format.Check();
        _across = (format.Width - 1) / TileSide + 1;
        long tiles = (long)_across * ((format.Height - 1) / TileSide + 1), tileBytes = (long)TileSide * TileSide * format.PixelBytes;
        if (tiles > MostTiles || tileBytes > int.MaxValue / 2)
        {
            throw new ArgumentOutOfRangeException(nameof(format), format,
                $"{format.Width}×{format.Height} pixels with {format.Bands} bands are {tiles} tiles of {tileBytes} bytes; expected at most "
                + $"{MostTiles} of {int.MaxValue / 2} bytes.");
        }

        (_stream, _format) = (stream, format);
        // Deflate adds less than this to what it can't compress; a mask may follow.
        long most = tileBytes + tileBytes / 1000 + 64 + TileSide * TileSide / 8 + 64;
        _entries = new TiffEntries(big ?? tiles * most > uint.MaxValue - (1 << 24));
        _coder = new TileCoder(format, TileSide);
        _tile = new byte[tileBytes];
        (_offsets, _sizes) = (new long[tiles], new long[tiles]);
        _link = link ?? _entries.HeaderLink;
        if (link is null) _entries.WriteHeader(stream);
    }

    /// <summary>Writes the tiles of a block.</summary>
    /// <param name="x">Its first column, that of a tile.</param>
    /// <param name="y">Its first row, that of a tile.</param>
    /// <param name="width">Columns: those of whole tiles, or up to the image's right side.</param>
    /// <param name="height">Rows: those of whole tiles, or down to the image's last.</param>
    /// <param name="samples">Row by row, pixel by pixel, band by band, in this machine's byte order.</param>
    /// <param name="token">Ends writing, at the next tile.</param>
    /// <exception cref="ArgumentException">The block doesn't consist of tiles, or the samples are too few.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Write(int x, int y, int width, int height, ReadOnlySpan<byte> samples, CancellationToken token = default)
    {
        new PixelWindow(x, y, width, height).ThrowUnlessWithin(_format.Width, _format.Height);
        if (!AreTiles(x, width, _format.Width) || !AreTiles(y, height, _format.Height))
        {
            throw new ArgumentException(
                $"The block of {width}×{height} pixels at ({x}, {y}) doesn't consist of tiles of {TileSide}×{TileSide} pixels.");
        }

        long bytes = (long)width * height * _format.PixelBytes;
        if (samples.Length != bytes)
        {
            throw new ArgumentException(
                $"{width}×{height} pixels have {bytes} bytes; {samples.Length} were given.", nameof(samples));
        }

        for (int top = 0; top < height; top += TileSide)
        {
            for (int left = 0; left < width; left += TileSide)
            {
                token.ThrowIfCancellationRequested();
                Cut(samples, width, left, top, Math.Min(TileSide, width - left), Math.Min(TileSide, height - top));
                ReadOnlySpan<byte> coded = _coder.Encode(_tile);
                int index = (y + top) / TileSide * _across + (x + left) / TileSide;
                (_offsets[index], _sizes[index]) = (_stream.Position, coded.Length);
                _stream.Write(coded);
            }
        }
    }

    /// <summary>Ends the file.</summary>
    /// <exception cref="InvalidOperationException">A tile is missing.</exception>
    public void Complete() => _ = End();

    /// <summary>Ends the page, and begins another one.</summary>
    /// <param name="format">What its pixels are.</param>
    /// <exception cref="InvalidOperationException">A tile is missing.</exception>
    public GeoTiffWriter Next(RasterFormat format) => new(_stream, format, _entries.IsBig, End());

    private long End()
    {
        int missing = Array.IndexOf(_sizes, 0);
        if (missing >= 0) throw new InvalidOperationException($"Tile {missing} of {_sizes.Length} was not written.");
        AddEntries();
        return _entries.WriteTo(_stream, _link);
    }

    private static bool AreTiles(int first, int count, int all) => first % TileSide == 0 && (count % TileSide == 0 || first + count == all);

    // What lies beyond the image repeats its last column and row, which compresses best.
    private void Cut(ReadOnlySpan<byte> samples, int blockWidth, int left, int top, int width, int height)
    {
        int pixel = _format.PixelBytes, rowBytes = TileSide * pixel;
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = _tile.AsSpan(y * rowBytes, rowBytes);
            samples.Slice(((top + y) * blockWidth + left) * pixel, width * pixel).CopyTo(row);
            Span<byte> last = row.Slice((width - 1) * pixel, pixel);
            for (int x = width; x < TileSide; x++) last.CopyTo(row[(x * pixel)..]);
        }
        for (int y = height; y < TileSide; y++) _tile.AsSpan((height - 1) * rowBytes, rowBytes).CopyTo(_tile.AsSpan(y * rowBytes));
    }

    private void AddEntries()
    {
        if (_format.Kind != 0) _entries.Long(TiffTags.NewSubfileType, _format.Kind);
        _entries.Long(TiffTags.ImageWidth, _format.Width);
        _entries.Long(TiffTags.ImageLength, _format.Height);
        _entries.Shorts(TiffTags.BitsPerSample, OfEachBand(_format.Bits));
        _entries.Short(TiffTags.Compression, Deflate);
        _entries.Short(TiffTags.Photometric, _format.Photometric);
        if (_format.Orientation != 1) _entries.Short(TiffTags.Orientation, _format.Orientation);
        _entries.Short(TiffTags.SamplesPerPixel, _format.Bands);
        _entries.Short(TiffTags.PlanarConfiguration, 1);
        _entries.Short(TiffTags.Predictor, _coder.Predictor);
        if (_format.ColorMap is { } map) _entries.Shorts(TiffTags.ColorMap, [.. map]);
        _entries.Long(TiffTags.TileWidth, TileSide);
        _entries.Long(TiffTags.TileLength, TileSide);
        _entries.Offsets(TiffTags.TileOffsets, _offsets);
        _entries.Offsets(TiffTags.TileByteCounts, _sizes);
        int extra = _format.Bands - _format.Colors;
        if (extra > 0)
        {
            IEnumerable<int> known = _format.ExtraSamples.Concat(Enumerable.Repeat(0, extra)).Take(extra);
            _entries.Shorts(TiffTags.ExtraSamples, [.. known.Select(e => (ushort)e)]);
        }

        _entries.Shorts(TiffTags.SampleFormat, OfEachBand(_format.SampleFormat));
        if (_format.Metadata is { } metadata) _entries.Ascii(TiffTags.GdalMetadata, metadata, Encoding.UTF8);
        if (_format.NoData is { } noData) _entries.Ascii(TiffTags.GdalNoData, noData, Encoding.UTF8);
        if (_format.Geo is { } geo) AddGeo(geo);
    }

    private void AddGeo(GeoTags geo)
    {
        if (geo.PixelScale is { Length: > 0 } scale) _entries.Doubles(GeoTags.PixelScaleTag, scale);
        if (geo.TiePoints is { Length: > 0 } points) _entries.Doubles(GeoTags.TiePointsTag, points);
        if (geo.Matrix is { Length: > 0 } matrix) _entries.Doubles(GeoTags.MatrixTag, matrix);
        if (geo.Keys is { Length: > 0 } keys) _entries.Shorts(GeoTags.KeysTag, keys);
        if (geo.KeyDoubles is { Length: > 0 } doubles) _entries.Doubles(GeoTags.KeyDoublesTag, doubles);
        if (geo.KeyTexts is { Length: > 0 } texts) _entries.Ascii(GeoTags.KeyTextsTag, texts, Encoding.Latin1);
    }

    private ushort[] OfEachBand(int value)
    {
        var values = new ushort[_format.Bands];
        Array.Fill(values, (ushort)value);
        return values;
    }
}
