using System.Buffers.Binary;
using BitMiracle.LibTiff.Classic;

namespace Swan.MLNet.Imaging;

/// <summary>CCITT's codings and JPEG of other colors than YCbCr, through LibTiff.NET.</summary>
/// <remarks>
/// LibTiff.NET gets a TIFF of one strip, made here from the chunk, instead of the file, because it trusts a file's own directory.
/// </remarks>
internal static class LibTiffDecoder
{
    private const int HeaderBytes = 8, EntryBytes = 12;

    /// <summary>Decodes a chunk.</summary>
    /// <returns>Bytes of the target that were written; 0 where it could not be decoded.</returns>
    public static int Decode(
        ReadOnlySpan<byte> stored, Span<byte> target, TiffChunk chunk, long index, TiffLayout layout, TiffFields fields)
    {
        if (layout.Compression.Number == TiffCompression.Jpeg)
            TiffJpeg.CheckFrame(stored, chunk.Width, chunk.Rows, index, layout.Name);
        byte[] file = File(stored, chunk.Width, chunk.Rows, layout, fields);
        var buffer = new byte[target.Length];
        int written = TiffErrors.Silence(() =>
        {
            using var stream = new MemoryStream(file, writable: false);
            using Tiff? tiff = Tiff.ClientOpen(layout.Name, "r", stream, new TiffStream());
            return tiff is null ? 0 : Math.Max(tiff.ReadEncodedStrip(0, buffer, 0, buffer.Length), 0);
        });
        buffer.AsSpan(0, written).CopyTo(target);
        return written;
    }

    private static byte[] File(ReadOnlySpan<byte> stored, int width, int rows, TiffLayout layout, TiffFields fields)
    {
        bool jpeg = layout.Compression.Number == TiffCompression.Jpeg;
        int samples = layout.ChunkSamples;
        (int Tag, int Type, int Value, byte[]? Far)[] entries =
        [
            (TiffTags.ImageWidth, TiffEntry.Long, width, null),
            (TiffTags.ImageLength, TiffEntry.Long, rows, null),
            (TiffTags.BitsPerSample, TiffEntry.Short, fields.Bits, Repeated(fields.Bits, samples)),
            (TiffTags.Compression, TiffEntry.Short, layout.Compression.Number, null),
            // What the samples mean changes nothing here, but that LibTiff.NET must not convert luma and chroma.
            (TiffTags.Photometric, TiffEntry.Short, (int)Photometric.MINISBLACK, null),
            (TiffTags.FillOrder, TiffEntry.Short, layout.HasReversedBits ? 2 : 1, null),
            (TiffTags.StripOffsets, TiffEntry.Long, HeaderBytes, null),
            (TiffTags.SamplesPerPixel, TiffEntry.Short, samples, null),
            (TiffTags.RowsPerStrip, TiffEntry.Long, rows, null),
            (TiffTags.StripByteCounts, TiffEntry.Long, stored.Length, null),
            (TiffTags.PlanarConfiguration, TiffEntry.Short, 1, null),
            .. jpeg ? [] : new (int, int, int, byte[]?)[]
            {
                (layout.Compression.Number == 4 ? TiffTags.T6Options : TiffTags.T4Options, TiffEntry.Long, (int)layout.CcittOptions, null),
            },
            .. jpeg && layout.JpegTables.Length > 0
                ? new (int, int, int, byte[]?)[] { (TiffTags.JpegTables, TiffEntry.Undefined, 0, layout.JpegTables) }
                : [],
        ];
        int directory = HeaderBytes + stored.Length + (stored.Length & 1), far = directory + 2 + entries.Length * EntryBytes + 4;
        var file = new byte[far + entries.Sum(e => (e.Far?.Length ?? 0) + 1)];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), directory);
        stored.CopyTo(file.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(directory), (short)entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            (int tag, int type, int value, byte[]? values) = entries[i];
            Span<byte> entry = file.AsSpan(directory + 2 + i * EntryBytes, EntryBytes);
            bool isFar = values?.Length > 4;
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)type);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], values is null ? 1 : values.Length / TiffEntry.Bytes(type));
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], isFar ? far : value);
            if (values is null) continue;
            values.CopyTo(isFar ? file.AsSpan(far) : entry[8..]);
            if (isFar) far += values.Length;
        }

        return file;
    }

    private static byte[] Repeated(int value, int times)
    {
        var shorts = new byte[times * 2];
        for (int i = 0; i < times; i++) BinaryPrimitives.WriteInt16LittleEndian(shorts.AsSpan(i * 2), (short)value);
        return shorts;
    }
}
