using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>How a TIFF's pixels lie in the file: in chunks, which are strips or tiles, of all bands or one.</summary>
internal sealed class TiffLayout
{
    // Chunks may take this much per pixel that an image may have: 16-bit RGBA.
    private const int MaxPixelBytes = 8;

    // Strips that are not compressed are read in pieces of about this size, as they can be.
    private const int PieceBytes = 1 << 20;

    private readonly TiffFields _fields;
    private readonly TiffChunkList _list;
    private readonly Lazy<byte[]> _jpegTables;
    private readonly int _pieceRows;

    /// <summary>Rows of a chunk that are read together.</summary>
    public int PieceRows => _pieceRows;


    private TiffLayout(TiffDirectory directory, TiffFields fields)
    {
        (_fields, Name, Order, Directory) = (fields, directory.Name, directory.Order, directory.Offset);
        Compression = TiffCompression.Of((int)Math.Min(directory.Number(TiffTags.Compression, 1), int.MaxValue));
        IsSeparate = directory.Number(TiffTags.PlanarConfiguration, 1) == (int)PlanarConfig.SEPARATE && fields.Samples > 1;
        HasReversedBits = directory.Number(TiffTags.FillOrder, 1) == (int)FillOrder.LSB2MSB;
        Predictor = Compression.HasPredictor ? directory.Number(TiffTags.Predictor, 1) : 1;
        CcittOptions = directory.Number(Compression.Number == 4 ? TiffTags.T6Options : TiffTags.T4Options, 0);
        _jpegTables = new(() => Compression.Number == TiffCompression.Jpeg ? directory.Bytes(TiffTags.JpegTables, 1 << 16) : []);
        Chroma = fields.StoredPhotometric == Photometric.YCBCR ? new TiffChroma(directory) : null;
        IsTiled = directory.Has(TiffTags.TileWidth) || directory.Has(TiffTags.TileLength);
        // A missing side is the image's own.
        ChunkWidth = IsTiled ? Side(directory, TiffTags.TileWidth, fields.Width) : fields.Width;
        ChunkHeight = IsTiled ? Side(directory, TiffTags.TileLength, fields.Height)
            : Math.Min(Side(directory, TiffTags.RowsPerStrip, fields.Height), fields.Height);
        if (ChunkWidth < 1 || ChunkHeight < 1)
            throw new SwanImageException(Name, ImageFault.Corrupt, $"its tiles or strips are {ChunkWidth}×{ChunkHeight} pixels.");
        Across = (fields.Width - 1) / ChunkWidth + 1;
        Down = (fields.Height - 1) / ChunkHeight + 1;
        _list = new TiffChunkList(directory);
        CheckCount();
        if (Compression.Number == TiffCompression.OldJpeg)
            (ChunkWidth, ChunkHeight, Across, Down, IsSeparate, IsTiled) = (fields.Width, fields.Height, 1, 1, false, false);
        _pieceRows = ChunkHeight;
        if (Compression.Number == TiffCompression.None && !IsTiled && Chroma is null && RowBytes < PieceBytes)
            _pieceRows = (int)Math.Min(ChunkHeight, PieceBytes / RowBytes);
    }

    public string Name { get; }

    public TiffByteOrder Order { get; }

    /// <summary>Where the image's directory lies in the file.</summary>
    public long Directory { get; }

    public TiffCompression Compression { get; }

    /// <summary>1 none, 2 differences of samples, 3 differences of the bytes of floats.</summary>
    public long Predictor { get; }

    /// <summary>Each band has its own chunks.</summary>
    public bool IsSeparate { get; }

    /// <summary>The lowest bit of a stored byte is its first.</summary>
    public bool HasReversedBits { get; }

    /// <summary>T4Options or T6Options.</summary>
    public long CcittOptions { get; }

    /// <summary>The tables that all JPEG chunks share.</summary>
    public byte[] JpegTables => _jpegTables.Value;

    /// <summary>How luma and chroma become RGB; null for other colors.</summary>
    public TiffChroma? Chroma { get; }

    public bool IsTiled { get; }

    /// <summary>Columns of a chunk: a tile's, or the image's.</summary>
    public int ChunkWidth { get; }

    /// <summary>Rows of a chunk; the last strip may have fewer.</summary>
    public int ChunkHeight { get; }

    /// <summary>Chunks side by side.</summary>
    public int Across { get; }

    /// <summary>Chunks above each other.</summary>
    public int Down { get; }

    /// <summary>Samples that lie side by side for each pixel of a chunk.</summary>
    public int ChunkSamples => IsSeparate ? 1 : _fields.Samples;

    /// <summary>Bytes of a chunk's row.</summary>
    public long RowBytes => ((long)ChunkWidth * ChunkSamples * _fields.Bits + 7) / 8;

    /// <summary>The most bytes that reading a chunk takes, stored and decoded.</summary>
    public long ReadingBytes
    {
        get
        {
            // As it is stored, and decoded; LibTiff.NET has both once more. Then pictures of Skia's or LibTiff's, of 4 bytes a pixel and
            // of 3; planes or blocks beside RGB.
            long chunk = RowBytes * _pieceRows * (Compression.Decode is null ? 4 : 2);
            return Chroma is null ? chunk : chunk + (long)ChunkWidth * ChunkHeight * 7;
        }
    }

    /// <exception cref="SwanImageException">The chunks are too large, too few, or coded in a way that isn't read.</exception>
    public static TiffLayout Read(TiffDirectory directory, TiffFields fields, ImageDecodingOptions options)
    {
        TiffCompression.ThrowUnlessRead(directory, fields);
        var layout = new TiffLayout(directory, fields);
        layout.CheckSizes(options);
        layout.Chroma?.ThrowUnlessRead(fields, directory.Name);
        TiffPredictor.ThrowUnlessRead(layout, fields);
        return layout;
    }

    /// <summary>The rows that are read together with a row: its chunk's, or a part of them.</summary>
    public (int Top, int Rows) RowsAround(int y)
    {
        int top = y / ChunkHeight * ChunkHeight;
        int piece = top + (y - top) / _pieceRows * _pieceRows;
        int end = Math.Min(top + ChunkHeight, IsTiled ? int.MaxValue : _fields.Height);
        return (piece, Math.Min(_pieceRows, end - piece));
    }

    /// <summary>Where a chunk lies, or the part that <see cref="RowsAround"/> gave; null for one without data (a sparse file).</summary>
    /// <param name="column">Which of the chunks side by side.</param>
    /// <param name="top">The first row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="plane">The band, where each has its own chunks.</param>
    /// <param name="fileBytes">Bytes of the file.</param>
    /// <exception cref="SwanImageException">It lies outside the file.</exception>
    public (long Index, long Offset, long Size)? Place(int column, int top, int rows, int plane, long fileBytes)
    {
        long index = ((long)plane * Down + top / ChunkHeight) * Across + column;
        (long offset, long? listed) = _list[index];
        bool alone = _list.Count == 1, plain = Compression.Number == TiffCompression.None;
        if (offset == 0 && listed is null or 0 || listed == 0 && !alone) return null;
        // Writers of files with one strip often omit its length, or get it wrong; the correct length is used if the file has the bytes.
        long whole = RowBytes * ChunkHeight;
        long size = listed is null or 0 ? plain && Chroma is null ? whole : Math.Max(fileBytes - offset, 0)
            : plain && alone && Chroma is null && whole <= fileBytes - offset ? whole
            : listed.Value;
        if (plain && _pieceRows < ChunkHeight)
        {
            long skipped = (top - top / ChunkHeight * ChunkHeight) * RowBytes;
            (offset, size) = (offset + skipped, Math.Clamp(size - skipped, 0, rows * RowBytes));
        }
        else if (plain && Chroma is null)
        {
            size = Math.Min(size, rows * RowBytes);
        }

        if (offset < 0 || size < 0 || offset > fileBytes || size > fileBytes - offset)
        {
            throw new SwanImageException(Name, ImageFault.Truncated,
                $"the data of its tile or strip {index} would lie at {offset} to {(decimal)offset + size}, but the file has "
                + $"{fileBytes} bytes. Copy it again from its source.");
        }
        return (index, offset, size);
    }

    /// <summary>Looks whether all chunks of some bands lie in the file.</summary>
    /// <param name="fileBytes">Bytes of the file.</param>
    /// <param name="bands">The bands, counted from 0.</param>
    /// <exception cref="SwanImageException">One lies outside the file.</exception>
    public void ThrowUnlessWithin(long fileBytes, IEnumerable<int> bands)
    {
        // Its parts are named by other tags, and it is decoded whole.
        if (Compression.Number == TiffCompression.OldJpeg) return;
        IEnumerable<int> planes = !IsSeparate ? [0] : Chroma is not null ? [0, 1, 2] : bands.Distinct();
        foreach (int plane in planes)
        {
            for (int y = 0; y < _fields.Height;)
            {
                (int top, int rows) = RowsAround(y);
                for (int column = 0; column < Across; column++) _ = Place(column, top, rows, plane, fileBytes);
                y = top + rows;
            }
        }
    }

    // Before anything makes lists of as many as the sides call for.
    private void CheckCount()
    {
        decimal needed = (decimal)Across * Down * (IsSeparate ? _fields.Samples : 1);
        if (needed > _list.Count)
        {
            throw new SwanImageException(Name, ImageFault.Corrupt,
                $"its {_fields.Width}×{_fields.Height} pixels need {needed} tiles or strips, but {_list.Count} are listed.");
        }
    }

    private void CheckSizes(ImageDecodingOptions options)
    {
        decimal chunk = (decimal)RowBytes * _pieceRows;
        if (chunk > (decimal)options.MaxPixels * MaxPixelBytes || chunk > int.MaxValue / 2)
        {
            throw new SwanImageException(Name, ImageFault.TooLarge,
                $"one of its tiles or strips takes {chunk:F0} bytes, more than the limit on pixels allows. "
                + $"Write it with smaller ones, or raise {nameof(ImageDecodingOptions.MaxPixels)} (swan embed: --max-pixels).");
        }
        // Decoding CCITT takes 16 bytes for each pixel of a row besides.
        if (Compression.IsCcitt && ChunkWidth > ImageDecodingOptions.MaxSide)
        {
            throw new SwanImageException(Name, ImageFault.TooLarge,
                $"its rows of {ChunkWidth} pixels are compressed with CCITT; expected at most {ImageDecodingOptions.MaxSide}. Write it as "
                + "tiles, or with another compression ('gdal_translate -co COMPRESS=DEFLATE -co TILED=YES IN OUT').");
        }
    }

    private static int Side(TiffDirectory directory, int tag, int otherwise) =>
        (int)Math.Min(directory.Number(tag, otherwise), int.MaxValue);
}
