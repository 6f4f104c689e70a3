using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Rasters;

/// <summary>Codes the tiles of a GeoTIFF: a predictor where it helps, then Deflate.</summary>
/// <remarks>Samples are in this machine's byte order, and so is the file. Not safe for concurrent use.</remarks>
internal sealed class TileCoder
{
    private const int None = 1, Samples = 2, FloatBytes = 3;

    private readonly RasterFormat _format;
    private readonly int _rowBytes;
    private readonly byte[] _row;
    private readonly MemoryStream _coded = new();

    /// <param name="format">What the samples are.</param>
    /// <param name="width">Columns of a tile, a multiple of 8.</param>
    public TileCoder(RasterFormat format, int width)
    {
        _format = format;
        _rowBytes = width * format.PixelBytes;
        _row = new byte[_rowBytes];
        IsPacked = format.Bits != format.Type.Bytes() * 8;
        // Neighbors in a palette are no neighbors in value.
        Predictor = IsPacked || format.Photometric == RasterFormat.Palette ? None : format.SampleFormat == 3 ? FloatBytes : Samples;
    }

    /// <summary>TIFF's Predictor: 1 none, 2 differences of samples, 3 differences of the bytes of floats.</summary>
    public int Predictor { get; }

    private bool IsPacked { get; }

    /// <summary>Codes a tile.</summary>
    /// <param name="tile">Its samples; changed.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Encode(Span<byte> tile)
    {
        _coded.SetLength(0);
        using (var deflate = new ZLibStream(_coded, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int at = 0; at < tile.Length; at += _rowBytes)
            {
                Span<byte> row = tile.Slice(at, _rowBytes);
                if (Predictor == Samples) Subtract(row);
                else if (Predictor == FloatBytes) SubtractFloats(row);
                deflate.Write(IsPacked ? Pack(row) : row);
            }
        }

        return _coded.GetBuffer().AsSpan(0, (int)_coded.Length);
    }

    private void Subtract(Span<byte> row)
    {
        switch (_format.Type.Bytes())
        {
            case 1: Subtract<byte>(row); break;
            case 2: Subtract<ushort>(row); break;
            default: Subtract<uint>(row); break;
        }
    }

    private void Subtract<T>(Span<byte> row)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<T> samples = MemoryMarshal.Cast<byte, T>(row);
        for (int i = samples.Length - 1; i >= _format.Bands; i--) samples[i] = unchecked(samples[i] - samples[i - _format.Bands]);
    }

    // All highest bytes of a row come first, then the next ones (Adobe Photoshop TIFF Technical Note 3).
    private void SubtractFloats(Span<byte> row)
    {
        int bytes = _format.Type.Bytes(), count = row.Length / bytes;
        row.CopyTo(_row);
        for (int b = 0; b < bytes; b++)
        {
            int from = BitConverter.IsLittleEndian ? bytes - 1 - b : b;
            for (int i = 0; i < count; i++) row[b * count + i] = _row[i * bytes + from];
        }

        for (int i = row.Length - 1; i >= _format.Bands; i--) row[i] = unchecked((byte)(row[i] - row[i - _format.Bands]));
    }

    // The highest bit first, whatever the byte order.
    private ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> row)
    {
        int bytes = _format.Type.Bytes(), bits = _format.Bits, held = 0, to = 0;
        ulong window = 0;
        for (int at = 0; at < row.Length; at += bytes)
        {
            uint sample = bytes switch
            {
                1 => row[at],
                2 => MemoryMarshal.Read<ushort>(row[at..]),
                _ => MemoryMarshal.Read<uint>(row[at..]),
            };
            window = window << bits | sample;
            for (held += bits; held >= 8; held -= 8) _row[to++] = (byte)(window >> (held - 8));
        }

        return _row.AsSpan(0, to);
    }
}
