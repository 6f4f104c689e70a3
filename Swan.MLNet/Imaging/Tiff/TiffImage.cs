namespace Swan.MLNet.Imaging;

/// <summary>One image of a TIFF: windows of any of its bands.</summary>
internal sealed class TiffImage
{
    private readonly TiffSource _source;
    private readonly TiffLayout _layout;
    private readonly ImageDecodingOptions _options;
    private readonly string? _part;

    /// <param name="source">The file.</param>
    /// <param name="directory">What describes it.</param>
    /// <param name="options">Limits.</param>
    /// <param name="part">What error messages call it, such as "mask"; null for the file's image itself.</param>
    internal TiffImage(TiffSource source, TiffDirectory directory, ImageDecodingOptions options, string? part = null)
    {
        (_source, _options, _part) = (source, options, part);
        Fields = TiffFields.Read(directory);
        _layout = TiffLayout.Read(directory, Fields, options);
    }

    /// <summary>What its pixels are.</summary>
    public TiffFields Fields { get; }

    /// <summary>Columns and rows of the tiles or strips that are decoded whole: windows along their sides cost least.</summary>
    public (int Width, int Height) Chunk => (_layout.ChunkWidth, _layout.ChunkHeight);

    /// <summary>Rows that are decoded together: those of a tile or strip, or of a part of a strip that isn't compressed.</summary>
    public int RowsAtATime => _layout.PieceRows;

    /// <summary>The most bytes that reading a window takes besides the window.</summary>
    public long ReadingBytes => _layout.ReadingBytes;

    /// <summary>Looks whether the tiles or strips lie in the file, and reads none of them.</summary>
    /// <param name="bands">The bands that will be read, counted from 0.</param>
    /// <exception cref="SwanImageException">Some don't: the file is cut off, or corrupt.</exception>
    public void ThrowUnlessWhole(ReadOnlySpan<int> bands) => OfPart(bands.ToArray(), b => _layout.ThrowUnlessWithin(_source.Length, b));

    /// <summary>Reads a window whole.</summary>
    /// <param name="window">A rectangle within the image, as it is stored.</param>
    /// <param name="bands">The bands, counted from 0, in the order in which they are wanted; a band may come twice.</param>
    /// <param name="token">Ends reading, at the next chunk.</param>
    /// <exception cref="ArgumentException">No bands are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window or a band is not in the image.</exception>
    /// <exception cref="SwanImageException">
    /// The window has more pixels than the limits allow, or its data are truncated or corrupt.
    /// </exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public TiffWindow Read(PixelWindow window, ReadOnlySpan<int> bands, CancellationToken token = default)
    {
        window.ThrowUnlessWithin(Fields.Width, Fields.Height);
        int size = Fields.SampleType.Bytes(), count = bands.Length;
        long bytes = (long)window.Width * window.Height * size * count;
        if (bytes > Array.MaxLength || (long)window.Width * window.Height > _options.MaxPixels)
        {
            throw new SwanImageException(_layout.Name, ImageFault.TooLarge,
                $"a window of {window.Width}×{window.Height} pixels with {count} bands takes {bytes} bytes, more than the limit allows. "
                + $"Read smaller windows, or raise {nameof(ImageDecodingOptions.MaxPixels)} (swan embed: --max-pixels).");
        }
        byte[]? samples = null;
        Read(
            window, bands, (x, y, band, row) => row.CopyTo(Target(x, y, band), count * size),
            (x, y, row) => row.CopyTo(Target(x, y, 0)), token);
        return new(window.Width, window.Height, count, Fields.SampleType, samples!);

        // Only once something could be decoded: a small file that claims many pixels is found out before memory is taken for them.
        Span<byte> Target(int x, int y, int band) =>
            (samples ??= GC.AllocateUninitializedArray<byte>((int)bytes)).AsSpan(((y * window.Width + x) * count + band) * size);
    }

    /// <summary>Reads a window chunk by chunk, each of them once; memory holds one chunk at a time.</summary>
    /// <param name="window">A rectangle within the image, as it is stored.</param>
    /// <param name="bands">The bands, counted from 0; a band may come twice.</param>
    /// <param name="sink">Gets each sample of each band once, in the order in which chunks lie: the parts of a row of several tiles do not
    /// follow each other.</param>
    /// <param name="token">Ends reading, at the next chunk.</param>
    /// <exception cref="ArgumentException">No bands are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window or a band is not in the image.</exception>
    /// <exception cref="SwanImageException">Its data are truncated or corrupt.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Read(PixelWindow window, ReadOnlySpan<int> bands, TiffRowSink sink, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Read(window, bands, sink, null, token);
    }

    private void Read(
        PixelWindow window, ReadOnlySpan<int> bands, TiffRowSink sink, Action<int, int, ReadOnlySpan<byte>>? pixels,
        CancellationToken token)
    {
        if (bands.IsEmpty) throw new ArgumentException("No bands are given; expected at least one.", nameof(bands));
        window.ThrowUnlessWithin(Fields.Width, Fields.Height);
        foreach (int band in bands)
        {
            if (band < 0 || band >= Fields.Samples)
            {
                throw new ArgumentOutOfRangeException(nameof(bands), band,
                    $"'{_layout.Name}' has {Fields.Samples} bands, counted from 0; there is no band {band}.");
            }
        }

        using var chunks = new TiffChunkReader(_source, Fields, _layout);
        var reader = new TiffWindowReader(Fields, _layout, chunks, window, bands.ToArray(), sink, pixels);
        OfPart(reader, r => r.Read(token));
    }

    // Errors of a mask or an overview say so.
    private void OfPart<T>(T with, Action<T> use)
    {
        try
        {
            use(with);
        }
        catch (SwanImageException e) when (_part is not null)
        {
            throw new SwanImageException(
                _layout.Name, e.Fault, $"its {_part} of {Fields.Width}×{Fields.Height} pixels can't be read: {e.Detail}", e);
        }
    }
}
