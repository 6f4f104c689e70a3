namespace Swan.MLNet.Imaging;

/// <summary>Iterates over the chunks of a window and returns their rows, separately for each band.</summary>
/// <param name="fields">What the pixels are.</param>
/// <param name="layout">How they lie in the file.</param>
/// <param name="chunks">Decodes chunks.</param>
/// <param name="window">The window, within the image.</param>
/// <param name="bands">The bands, all of the image.</param>
/// <param name="sink">Gets the rows.</param>
/// <param name="pixels">Gets them instead where all bands lie pixel by pixel and are wanted so: as one band of a pixel's samples.</param>
internal sealed class TiffWindowReader(
    TiffFields fields, TiffLayout layout, TiffChunkReader chunks, PixelWindow window, int[] bands, TiffRowSink sink,
    Action<int, int, ReadOnlySpan<byte>>? pixels = null)
{
    private readonly int _sampleBytes = fields.SampleType.Bytes();
    private readonly bool _wholePixels = chunks.SamplesPerPixel == bands.Length && bands.Order().SequenceEqual(bands)
        && bands.Distinct().Count() == fields.Samples;
    private byte[] _row = [];
    private byte[] _empty = [];

    public void Read(CancellationToken token)
    {
        if (!layout.IsSeparate || layout.Chroma is not null)
        {
            ReadPlane(0, token);
            return;
        }
        foreach (int plane in bands.Distinct()) ReadPlane(plane, token);
    }

    private void ReadPlane(int plane, CancellationToken token)
    {
        int bottom = window.Y + window.Height, right = window.X + window.Width;
        for (int y = window.Y; y < bottom;)
        {
            (int top, int rows) = layout.RowsAround(y);
            int end = Math.Min(top + rows, bottom);
            for (int column = window.X / layout.ChunkWidth; column <= (right - 1) / layout.ChunkWidth; column++)
            {
                token.ThrowIfCancellationRequested();
                ReadOnlySpan<byte> data = chunks.Decode(column, top, rows, plane);
                int left = column * layout.ChunkWidth;
                int from = Math.Max(left, window.X), to = Math.Min(left + layout.ChunkWidth, right);
                for (int row = y; row < end; row++)
                {
                    ReadOnlySpan<byte> samples = data.IsEmpty
                        ? Empty(to - from)
                        : Samples(data[((row - top) * chunks.RowBytes)..], from - left, to - from);
                    HandOut(samples, to - from, from - window.X, row - window.Y, plane);
                }
            }

            y = end;
        }
    }

    private ReadOnlySpan<byte> Samples(ReadOnlySpan<byte> row, int first, int count)
    {
        int stride = chunks.SamplesPerPixel * _sampleBytes;
        if (!chunks.IsPacked) return row.Slice(first * stride, count * stride);
        if (_row.Length < count * stride) _row = GC.AllocateUninitializedArray<byte>(count * stride);
        TiffUnpacker.Unpack(row, (long)first * chunks.SamplesPerPixel, _row.AsSpan(0, count * stride), fields);
        return _row;
    }

    // A chunk without data has the value of samples that are none, or 0, as GDAL reads it.
    private ReadOnlySpan<byte> Empty(int count)
    {
        int bytes = count * chunks.SamplesPerPixel * _sampleBytes;
        if (_empty.Length >= bytes) return _empty;
        _empty = new byte[bytes];
        TiffUnpacker.Fill(_empty, fields.SampleType, fields.NoData ?? 0);
        return _empty;
    }

    // Some columns of a row, band by band.
    private void HandOut(ReadOnlySpan<byte> row, int count, int x, int y, int plane)
    {
        int samples = chunks.SamplesPerPixel, stride = samples * _sampleBytes;
        if (pixels is not null && _wholePixels)
        {
            pixels(x, y, row[..(count * stride)]);
            return;
        }

        for (int i = 0; i < bands.Length; i++)
        {
            bool alone = samples == 1;
            if (alone && bands[i] != plane) continue;
            int first = alone ? 0 : bands[i] * _sampleBytes;
            sink(x, y, i, new TiffRow(row.Slice(first, (count - 1) * stride + _sampleBytes), stride, count, fields.SampleType));
        }
    }
}
