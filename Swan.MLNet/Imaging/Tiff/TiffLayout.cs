namespace Swan.MLNet.Imaging;

/// <summary>
/// The sides of a TIFF and of its strips or tiles as the directory's entries say, before LibTiff.NET allocates lists of as many as the
/// sides call for.
/// </summary>
internal sealed class TiffLayout
{
    private const int ImageWidth = 256, ImageLength = 257, StripOffsets = 273, SamplesPerPixel = 277, RowsPerStrip = 278,
        PlanarConfiguration = 284, TileWidth = 322, TileLength = 323, TileOffsets = 324;

    private readonly HashSet<int> _taken = [];
    private long _width, _height, _listed, _samples = 1, _planes = 1;
    private long _rows, _tileWidth, _tileHeight;

    /// <summary>Whether an entry is one of the numbers that are taken here.</summary>
    public static bool IsSide(int tag) =>
        tag is ImageWidth or ImageLength or SamplesPerPixel or RowsPerStrip or PlanarConfiguration or TileWidth or TileLength;

    /// <summary>Takes an entry.</summary>
    /// <param name="tag">Its number.</param>
    /// <param name="values">How many values it has.</param>
    /// <param name="value">The value of one that has one.</param>
    /// <returns>False for the second entry of a number that is used here: which of them LibTiff believes is its own affair.</returns>
    public bool Take(int tag, long values, long value)
    {
        switch (tag)
        {
            case ImageWidth: _width = value; break;
            case ImageLength: _height = value; break;
            case SamplesPerPixel: _samples = value; break;
            case PlanarConfiguration: _planes = value; break;
            case RowsPerStrip: _rows = value; break;
            case TileWidth: _tileWidth = value; break;
            case TileLength: _tileHeight = value; break;
            case StripOffsets or TileOffsets: _listed = values; break;
            default: return true;
        }

        return _taken.Add(tag == TileOffsets ? StripOffsets : tag);
    }

    /// <exception cref="SwanImageException">The image is too large, or needs more strips or tiles than are listed.</exception>
    public void Check(string name, ImageDecodingOptions options)
    {
        options.CheckPixels(name, _width, _height);
        bool tiled = _tileWidth > 0 || _tileHeight > 0;
        decimal needed = (decimal)(tiled
            ? Pieces(_width, _tileWidth) * Pieces(_height, _tileHeight)
            : Pieces(_height, _rows)) * (_planes == 2 ? _samples : 1);
        if (needed > _listed)
        {
            throw new SwanImageException(name, ImageFault.Corrupt,
                $"its {_width}×{_height} pixels need {needed} tiles or strips, but {_listed} are listed.");
        }
    }

    // LibTiff takes a missing side for the image's own, and refuses one of zero.
    private static long Pieces(long side, long piece) => piece == 0 ? 1 : (side - 1) / piece + 1;
}
