using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>
/// Reads a TIFF's strips or tiles as 8-bit samples. 16-bit samples are scaled from the range that the file says. Of other deep ones the
/// high 8 bits are kept; shallower ones are stretched, except for palette indices.
/// </summary>
internal static class TiffSamples
{
    /// <returns>
    /// <c>values[(y * width + x) * n + s]</c>, where n counts the colors and, where they have been multiplied by an alpha, that alpha.
    /// </returns>
    public static byte[] Read(Tiff tiff, string name, TiffFields fields)
    {
        int kept = fields.Colors + (fields.Premultiplied ? 1 : 0);
        var reader = new Reader(tiff, name, fields, kept);
        for (int plane = 0; plane < (fields.Separate ? kept : 1); plane++)
        {
            if (fields.IsTiled) reader.ReadTiles(plane);
            else reader.ReadRows(plane);
        }

        // Ink is dark where its samples are high.
        if (fields is { Bits: 16, SampleRange: null, Photometric: not Photometric.SEPARATED })
            DarkSamples.ThrowIfDark(reader.Values, fields.Colors, kept, name);
        return reader.Values;
    }

    private sealed class Reader(Tiff tiff, string name, TiffFields fields, int kept)
    {
        private readonly int _perPixel = fields.Separate ? 1 : fields.Samples;
        private readonly bool _isIndex = fields.Photometric == Photometric.PALETTE;
        private byte[]? _values;

        public byte[] Values => _values!;

        public void ReadRows(int plane)
        {
            bool direct = fields.Bits == 8 && !fields.Separate && _perPixel == kept;
            var row = new byte[tiff.ScanlineSize()];
            Require(row.Length * 8L >= (long)fields.Width * _perPixel * fields.Bits);
            for (int y = 0; y < fields.Height; y++)
            {
                if (!tiff.ReadScanline(row, y, (short)plane)) throw Cut($"row {y} of {fields.Height}");
                Allocate();
                if (direct) row.AsSpan(0, fields.Width * kept).CopyTo(Values.AsSpan(y * fields.Width * kept));
                else Unpack(row, fields.Width, plane, y, 0);
            }
        }

        public void ReadTiles(int plane)
        {
            var tile = new byte[tiff.TileSize()];
            int stride = tiff.TileRowSize();
            Require(stride * 8L >= (long)fields.ChunkWidth * _perPixel * fields.Bits && tile.Length >= (long)stride * fields.ChunkHeight);
            for (int top = 0; top < fields.Height; top += fields.ChunkHeight)
            {
                for (int left = 0; left < fields.Width; left += fields.ChunkWidth)
                {
                    if (tiff.ReadTile(tile, 0, left, top, 0, (short)plane) < 0) throw Cut($"the tile at ({left}, {top})");
                    Allocate();
                    for (int y = 0; y < Math.Min(fields.ChunkHeight, fields.Height - top); y++)
                        Unpack(tile.AsSpan(y * stride), Math.Min(fields.ChunkWidth, fields.Width - left), plane, top + y, left);
                }
            }
        }

        // Only once something could be decoded: a small file that claims many pixels is found out before memory is taken for them.
        private void Allocate() => _values ??= GC.AllocateUninitializedArray<byte>(checked(fields.Width * fields.Height * kept));

        private void Unpack(ReadOnlySpan<byte> row, int count, int plane, int y, int left)
        {
            Span<byte> target = Values.AsSpan((y * fields.Width + left) * kept, count * kept);
            int samples = fields.Separate ? 1 : kept, first = fields.Separate ? plane : 0;
            for (int s = 0; s < samples; s++)
            {
                Span<byte> to = target[(first + s)..];
                bool isColor = first + s < fields.Colors;
                switch (fields.Bits)
                {
                    case 8:
                        for (int x = 0, from = s; x < count; x++, from += _perPixel) to[x * kept] = row[from];
                        break;
                    case 16:
                        // LibTiff.NET gives 16-bit samples in this machine's byte order.
                        ReadOnlySpan<ushort> words = MemoryMarshal.Cast<byte, ushort>(row);
                        for (int x = 0, from = s; x < count; x++, from += _perPixel)
                            to[x * kept] = isColor ? Scaled(words[from]) : (byte)(words[from] >> 8);
                        break;
                    default:
                        for (int x = 0, from = s; x < count; x++, from += _perPixel) to[x * kept] = Packed(row, (long)from * fields.Bits);
                        break;
                }
            }
        }

        private byte Scaled(ushort sample)
        {
            if (fields.SampleRange is not (int low, int high)) return (byte)(sample >> 8);
            // The whole range is what a file without one has: the high byte.
            if ((low, high) == (0, ushort.MaxValue)) return (byte)(sample >> 8);
            int above = Math.Clamp(sample, low, high) - low, range = high - low;
            return (byte)((above * 255L + range / 2) / range);
        }

        // Samples that don't fill bytes follow each other from the highest bit down.
        private byte Packed(ReadOnlySpan<byte> row, long bit)
        {
            int bits = fields.Bits, start = (int)(bit / 8);
            uint window = 0;
            for (int i = 0; i < 3; i++) window = window << 8 | (start + i < row.Length ? row[start + i] : 0u);
            int value = (int)(window >> (24 - bits - (int)(bit % 8))) & ((1 << bits) - 1);
            return bits > 8 ? (byte)(value >> (bits - 8)) : _isIndex ? (byte)value : (byte)(value * 255 / ((1 << bits) - 1));
        }

        private void Require(bool fits)
        {
            if (!fits) throw new SwanImageException(name, ImageFault.Corrupt, "its rows are shorter than its width and sample size say.");
        }

        private SwanImageException Cut(string where) =>
            new(name, ImageFault.Truncated, $"it ends, or can't be decoded, at {where}. Copy it again from its source.");
    }
}
