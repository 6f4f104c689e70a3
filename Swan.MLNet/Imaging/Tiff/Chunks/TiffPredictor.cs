using System.Buffers.Binary;
using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>Converts stored data to samples in this machine's byte order: undoes predictors and the file's byte order.</summary>
internal static class TiffPredictor
{
    private const long Samples = 2, FloatBytes = 3;

    /// <exception cref="SwanImageException">The predictor does not go with the samples.</exception>
    public static void ThrowUnlessRead(TiffLayout layout, TiffFields fields)
    {
        bool isFloat = fields.Format == SampleFormat.IEEEFP;
        bool read = layout.Predictor switch
        {
            1 => true,
            Samples => fields.Bits is 8 or 16 or 32 or 64 && (layout.Chroma is null || !layout.Chroma.IsSubsampled || layout.IsSeparate),
            FloatBytes => isFloat,
            _ => throw SwanImageException.Corrupt(layout.Name, $"its predictor is {layout.Predictor}, which TIFF doesn't define"),
        };
        if (!read)
        {
            throw new SwanImageException(layout.Name, ImageFault.Unsupported,
                $"its predictor {layout.Predictor} can't be used with {fields.Bits}-bit {fields.Format} samples. Write it without a "
                + "predictor, with 'gdal_translate -co COMPRESS=DEFLATE -co PREDICTOR=1'.");
        }
    }

    /// <param name="data">Whole rows of a chunk, changed in place.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="layout">The predictor and the byte order.</param>
    /// <param name="fields">What the samples are.</param>
    public static void Undo(Span<byte> data, int rowBytes, TiffLayout layout, TiffFields fields)
    {
        int bytes = fields.Bits / 8;
        if (layout.Predictor == FloatBytes)
        {
            byte[] copy = new byte[rowBytes];
            for (int at = 0; at < data.Length; at += rowBytes) UndoFloats(data.Slice(at, rowBytes), copy, bytes, layout.ChunkSamples);
            return;
        }

        if (fields.Bits is 16 or 32 or 64 && layout.Order.Little != BitConverter.IsLittleEndian) Reverse(data, bytes);
        if (layout.Predictor != Samples) return;
        for (int at = 0; at < data.Length; at += rowBytes)
        {
            Span<byte> row = data.Slice(at, rowBytes);
            switch (bytes)
            {
                case 1: Accumulate(row, layout.ChunkSamples); break;
                case 2: Accumulate(MemoryMarshal.Cast<byte, ushort>(row), layout.ChunkSamples); break;
                case 4: Accumulate(MemoryMarshal.Cast<byte, uint>(row), layout.ChunkSamples); break;
                default: Accumulate(MemoryMarshal.Cast<byte, ulong>(row), layout.ChunkSamples); break;
            }
        }
    }

    private static void Accumulate<T>(Span<T> row, int samples)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (row.Length <= samples) return;
        // Two views of the same length, so their bounds are checked once.
        Span<T> next = row[samples..];
        Span<T> before = row[..next.Length];
        for (int i = 0; i < next.Length; i++) next[i] = unchecked(next[i] + before[i]);
    }

    // All highest bytes of a row come first, then the next ones, as differences (Adobe Photoshop TIFF Technical Note 3).
    private static void UndoFloats(Span<byte> row, Span<byte> copy, int bytes, int samples)
    {
        Accumulate(row, samples);
        row.CopyTo(copy);
        int count = row.Length / bytes;
        for (int b = 0; b < bytes; b++)
        {
            int to = BitConverter.IsLittleEndian ? bytes - 1 - b : b;
            for (int i = 0; i < count; i++) row[i * bytes + to] = copy[b * count + i];
        }
    }

    private static void Reverse(Span<byte> data, int bytes)
    {
        switch (bytes)
        {
            case 2:
                Span<ushort> words = MemoryMarshal.Cast<byte, ushort>(data);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                Span<uint> longs = MemoryMarshal.Cast<byte, uint>(data);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                Span<ulong> quads = MemoryMarshal.Cast<byte, ulong>(data);
                BinaryPrimitives.ReverseEndianness(quads, quads);
                break;
        }
    }
}
