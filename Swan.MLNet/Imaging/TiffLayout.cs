namespace Swan.MLNet.Imaging;

/// <summary>The sides of a TIFF and of its strips or tiles as the directory's entries say, before LibTiff.NET allocates lists of as many as the sides call for.</summary>
internal sealed class TiffLayout
{
    private const int ImageWidth = 256, ImageLength = 257, StripOffsets = 273, SamplesPerPixel = 277, RowsPerStrip = 278, PlanarConfiguration = 284, TileWidth = 322, TileLength = 323, TileOffsets = 324;

    private long _width, _height, _listed, _samples = 1, _planes = 1;
    private long _rows = long.MaxValue, _tileWidth = long.MaxValue, _tileHeight = long.MaxValue;

    /// <summary>Whether an entry is one of the numbers that are taken here.</summary>
    public static bool IsSide(int tag) => tag is ImageWidth or ImageLength or SamplesPerPixel or RowsPerStrip or PlanarConfiguration or TileWidth or TileLength;

    /// <summary>Takes an entry.</summary>
    /// <param name="tag">Its number; a second entry of the same number counts as the worse of the two.</param>
    /// <param name="values">How many values it has.</param>
    /// <param name="value">The value of one that has one.</param>
    public void Take(int tag, long values, long value)
    {
        switch (tag)
        {
            case ImageWidth: _width = Math.Max(_width, value); break;
            case ImageLength: _height = Math.Max(_height, value); break;
            case SamplesPerPixel: _samples = Math.Max(_samples, value); break;
            case PlanarConfiguration: _planes = Math.Max(_planes, value); break;
            case RowsPerStrip: _rows = Math.Min(_rows, value); break;
            case TileWidth: _tileWidth = Math.Min(_tileWidth, value); break;
            case TileLength: _tileHeight = Math.Min(_tileHeight, value); break;
            case StripOffsets or TileOffsets: _listed = Math.Max(_listed, values); break;
        }
    }

    /// <exception cref="SwanImageException">The image is too large, or needs more strips or tiles than are listed.</exception>
    public void Check(string name, ImageDecodingOptions options)
    {
        ImageDecoder.CheckPixels(name, _width, _height, options);
        bool tiled = _tileWidth != long.MaxValue || _tileHeight != long.MaxValue;
        // As small as they may be: LibTiff takes a missing or empty tile side for the image's own.
        long needed = (tiled ? Pieces(_width, _tileWidth) * Pieces(_height, _tileHeight) : Pieces(_height, _rows)) * (_planes == 2 ? _samples : 1);
        if (needed > _listed) throw new SwanImageException(name, ImageFault.Corrupt, $"its {_width}×{_height} pixels need {needed} tiles or strips, but {_listed} are listed.");
    }

    private static long Pieces(long side, long piece) => piece is 0 or long.MaxValue ? 1 : (side - 1) / piece + 1;
}
