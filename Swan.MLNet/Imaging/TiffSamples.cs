using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Reads a TIFF's strips or tiles and maps their samples to RGB.</summary>
internal static class TiffSamples
{
    public static RgbImage Read(Tiff tiff, string name, int width, int height, int bits, int samples, Photometric photometric)
    {
        bool separate = (PlanarConfig)(tiff.GetFieldDefaulted(TiffTag.PLANARCONFIG)?[0].ToInt() ?? 1) == PlanarConfig.SEPARATE;
        int used = photometric switch { Photometric.RGB => 3, Photometric.SEPARATED => 4, _ => 1 };
        if (samples < used) throw new SwanImageException(name, ImageFault.Corrupt, $"it says {photometric}, which takes {used} samples a pixel, but has {samples}.");

        // values[(y * width + x) * used + s], scaled to 8 bits except for palette indices
        var values = new byte[checked(width * height * used)];
        bool isIndex = photometric == Photometric.PALETTE;
        for (int plane = 0; plane < (separate ? used : 1); plane++)
        {
            int perPixel = separate ? 1 : samples;
            if (tiff.IsTiled()) ReadTiles(plane, perPixel);
            else ReadRows(plane, perPixel);
        }

        return new RgbImage(width, height, ToRgb(tiff, name, values, width * height, bits, photometric));

        void ReadRows(int plane, int perPixel)
        {
            var row = new byte[tiff.ScanlineSize()];
            Require(row.Length * 8L >= (long)width * perPixel * bits);
            for (int y = 0; y < height; y++)
            {
                if (!tiff.ReadScanline(row, y, (short)plane)) throw Cut($"row {y} of {height}");
                Unpack(row, 0, width, perPixel, plane, y, 0);
            }
        }

        void ReadTiles(int plane, int perPixel)
        {
            int tileWidth = tiff.GetField(TiffTag.TILEWIDTH)[0].ToInt(), tileHeight = tiff.GetField(TiffTag.TILELENGTH)[0].ToInt();
            var tile = new byte[tiff.TileSize()];
            int stride = tiff.TileRowSize();
            Require(tileWidth > 0 && tileHeight > 0 && stride * 8L >= (long)tileWidth * perPixel * bits && tile.Length >= (long)stride * tileHeight);
            for (int top = 0; top < height; top += tileHeight)
            {
                for (int left = 0; left < width; left += tileWidth)
                {
                    if (tiff.ReadTile(tile, 0, left, top, 0, (short)plane) < 0) throw Cut($"the tile at ({left}, {top})");
                    for (int y = 0; y < Math.Min(tileHeight, height - top); y++)
                        Unpack(tile, y * stride, Math.Min(tileWidth, width - left), perPixel, plane, top + y, left);
                }
            }
        }

        void Unpack(byte[] row, int offset, int count, int perPixel, int plane, int y, int left)
        {
            for (int x = 0; x < count; x++)
            {
                for (int s = 0; s < (separate ? 1 : used); s++)
                    values[((y * width) + left + x) * used + (separate ? plane : s)] = Sample(row, offset, (long)x * perPixel + s);
            }
        }

        byte Sample(byte[] row, int offset, long index)
        {
            switch (bits)
            {
                case 8: return row[offset + index];
                // LibTiff.NET gives 16-bit samples in this machine's byte order; the high byte is what 8 bits keep.
                case 16: return isIndex ? row[offset + index * 2] : (byte)(BitConverter.ToUInt16(row, offset + (int)index * 2) >> 8);
                default:
                    long bit = index * bits;
                    int value = (row[offset + bit / 8] >> (8 - bits - (int)(bit % 8))) & ((1 << bits) - 1);
                    return isIndex ? (byte)value : (byte)(value * 255 / ((1 << bits) - 1));
            }
        }

        void Require(bool fits)
        {
            if (!fits) throw new SwanImageException(name, ImageFault.Corrupt, "its rows are shorter than its width and sample size say.");
        }

        SwanImageException Cut(string where) => new(name, ImageFault.Truncated, $"it ends, or can't be decoded, at {where}. Copy it again from its source.");
    }

    private static byte[] ToRgb(Tiff tiff, string name, byte[] values, int pixels, int bits, Photometric photometric)
    {
        if (photometric == Photometric.RGB) return values;
        var rgb = new byte[checked(pixels * 3)];
        switch (photometric)
        {
            case Photometric.PALETTE:
                FieldValue[]? map = tiff.GetField(TiffTag.COLORMAP);
                if (map is not { Length: 3 } || bits > 8) throw new SwanImageException(name, ImageFault.Corrupt, "it says that it has a palette, but none can be read.");
                short[][] channels = [map[0].ToShortArray(), map[1].ToShortArray(), map[2].ToShortArray()];
                for (int i = 0; i < pixels; i++)
                {
                    for (int c = 0; c < 3; c++) rgb[i * 3 + c] = (byte)((ushort)channels[c][values[i]] >> 8);
                }

                break;
            case Photometric.SEPARATED:
                for (int i = 0; i < pixels; i++)
                {
                    int key = 255 - values[i * 4 + 3];
                    for (int c = 0; c < 3; c++) rgb[i * 3 + c] = (byte)(((255 - values[i * 4 + c]) * key + 127) / 255);
                }

                break;
            default:
                bool inverted = photometric == Photometric.MINISWHITE;
                for (int i = 0; i < pixels; i++) rgb.AsSpan(i * 3, 3).Fill(inverted ? (byte)(255 - values[i]) : values[i]);
                break;
        }

        return rgb;
    }
}
