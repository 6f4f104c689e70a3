using System.Buffers;

namespace Swan.MLNet.Imaging;

/// <summary>Decodes one chunk at a time, into memory that the next one overwrites.</summary>
internal sealed class TiffChunkReader(TiffSource source, TiffFields fields, TiffLayout layout) : IDisposable
{
    // No compression shrinks real data beyond its ratio, and the first 64 MiB are harmless.
    private const long AlwaysAllowedBytes = 64L << 20;

    // A chunk that says that it takes more is read to here: it is decoded, or not, with that.
    private const long AlwaysReadBytes = 1L << 20;
    private const int MaxExpansion = 8;

    private readonly byte[]?[] _planes = new byte[]?[3];
    private byte[] _stored = [];
    private byte[]? _data;

    /// <summary>Samples of a pixel in a decoded row.</summary>
    public int SamplesPerPixel { get; } = layout.Chroma is null ? layout.ChunkSamples : 3;

    /// <summary>Bytes of a decoded row.</summary>
    public int RowBytes { get; } = layout.Chroma is null ? (int)layout.RowBytes : layout.ChunkWidth * 3;

    /// <summary>Samples lie closer than in their type.</summary>
    public bool IsPacked { get; } = TiffUnpacker.IsNeeded(fields);

    /// <summary>A chunk's rows, valid until the next call; empty for a chunk without data.</summary>
    /// <param name="column">Which of the chunks side by side.</param>
    /// <param name="top">The first row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="plane">The band, where each has its own chunks.</param>
    /// <exception cref="SwanImageException">The chunk is truncated, corrupt, or of a kind that isn't read.</exception>
    public ReadOnlySpan<byte> Decode(int column, int top, int rows, int plane)
    {
        int bytes = checked(RowBytes * rows);
        bool isThere = true;
        int width = layout.ChunkWidth;
        var chunk = new TiffChunk(
            column, top, width, rows, Math.Min(width, fields.Width - column * width), Math.Min(rows, fields.Height - top));
        if (layout.Compression.Number == TiffCompression.OldJpeg) DecodeOldJpeg(bytes);
        else if (layout.Chroma is null || TiffJpeg.Suits(layout, fields)) isThere = TryDecode(chunk, plane, bytes, ref _data);
        else isThere = layout.IsSeparate ? TryDecodePlanes(chunk, layout.Chroma, bytes) : TryDecodeBlocks(chunk, layout.Chroma, bytes);
        if (!isThere) return default;
        Span<byte> data = _data.AsSpan(0, bytes);
        if (layout.Chroma is null) TiffPredictor.Undo(data, RowBytes, layout, fields);
        return data;
    }

    public void Dispose()
    {
        if (_data is not null) ArrayPool<byte>.Shared.Return(_data);
        _data = null;
        foreach (byte[]? plane in _planes)
        {
            if (plane is not null) ArrayPool<byte>.Shared.Return(plane);
        }
        Array.Clear(_planes);
    }

    private void DecodeOldJpeg(int bytes)
    {
        try
        {
            OldJpegDecoder.Decode(source, layout.Directory, layout.Name, fields, Data(bytes));
        }
        catch (Exception e) when (IsOfTheData(e))
        {
            throw new SwanImageException(layout.Name, ImageFault.Corrupt,
                $"its old-style JPEG can't be decoded ({e.GetType().Name}: {e.Message})", e);
        }
    }

    private bool TryDecodeBlocks(TiffChunk chunk, TiffChroma chroma, int bytes)
    {
        int blocks = checked((int)chroma.BlockBytes(layout.ChunkWidth, chunk.Rows));
        if (!TryDecode(chunk, 0, blocks, ref _planes[0])) return false;
        if (!chroma.IsSubsampled) TiffPredictor.Undo(_planes[0].AsSpan(0, blocks), layout.ChunkWidth * 3, layout, fields);
        chroma.FromBlocks(_planes[0].AsSpan(0, blocks), layout.ChunkWidth, chunk.Rows, Data(bytes));
        return true;
    }

    private bool TryDecodePlanes(TiffChunk chunk, TiffChroma chroma, int bytes)
    {
        for (int plane = 0; plane < 3; plane++)
        {
            TiffChunk stored = plane == 0 ? chunk
                : chunk with { Width = (chunk.Width - 1) / chroma.Columns + 1, Rows = (chunk.Rows - 1) / chroma.Rows + 1 };
            int size = stored.Width * stored.Rows;
            if (!TryDecode(stored, plane, size, ref _planes[plane])) return false;
            TiffPredictor.Undo(_planes[plane].AsSpan(0, size), stored.Width, layout, fields);
        }

        chroma.FromPlanes(_planes[0], _planes[1], _planes[2], layout.ChunkWidth, chunk.Rows, Data(bytes));
        return true;
    }

    // False for a chunk without data.
    private bool TryDecode(TiffChunk chunk, int plane, int bytes, ref byte[]? data)
    {
        if (layout.Place(chunk.Column, chunk.Top, chunk.Rows, plane, source.Length) is not (long index, long offset, long size))
            return false;
        long ratio = layout.Compression.MaxRatio;
        if (ratio > 0 && bytes > AlwaysAllowedBytes + (decimal)size * ratio)
        {
            throw new SwanImageException(layout.Name, ImageFault.Corrupt,
                $"its tile or strip {index} has {size} bytes for {bytes} bytes of pixels, more than any TIFF compression can pack.");
        }
        // Read before memory for the decoded pixels is allocated.
        long most = Math.Min(bytes * (long)MaxExpansion + AlwaysReadBytes, Array.MaxLength);
        ReadOnlySpan<byte> stored = source.Read(offset, (int)Math.Min(size, most), ref _stored);
        if (layout.HasReversedBits && !layout.Compression.IsCcitt && layout.Compression.Number != TiffCompression.Jpeg)
            stored = TiffBits.Reversed(stored);
        Span<byte> target = Rented(ref data, bytes);
        int written = Decode(chunk, index, stored, target);
        if (written < bytes)
        {
            throw SwanImageException.Corrupt(layout.Name,
                $"its tile or strip {index} ends after {written} of its {bytes} bytes");
        }
        return true;
    }

    private int Decode(TiffChunk chunk, long index, ReadOnlySpan<byte> stored, Span<byte> target)
    {
        try
        {
            return layout.Compression.Decode is { } decode ? decode(stored, target)
                : TiffJpeg.Suits(layout, fields) ? TiffJpeg.Decode(stored, target, chunk, index, layout)
                : LibTiffDecoder.Decode(stored, target, chunk, index, layout, fields);
        }
        catch (Exception e) when (IsOfTheData(e))
        {
            // Decoders from outside answer malformed data with whatever their arithmetic runs into.
            throw new SwanImageException(layout.Name, ImageFault.Corrupt,
                $"its tile or strip {index} is not valid {layout.Compression.Name} ({e.Message.TrimEnd('.')}). Copy it "
                + "again from its source.", e);
        }
    }

    // A native library that doesn't load (Skia decodes JPEG) is not the file's fault.
    private static bool IsOfTheData(Exception e) => e is not (SwanException or OutOfMemoryException)
        && !MachineFault.IsOfTheProgram(e) && !MachineFault.Is(e);

    private Span<byte> Data(int bytes) => Rented(ref _data, bytes);

    private static Span<byte> Rented(ref byte[]? buffer, int bytes)
    {
        if (buffer is null || buffer.Length < bytes)
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
            buffer = ArrayPool<byte>.Shared.Rent(bytes);
        }
        return buffer.AsSpan(0, bytes);
    }
}
