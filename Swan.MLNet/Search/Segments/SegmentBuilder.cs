using System.Runtime.InteropServices;
using Swan.MLNet.Metadata;
using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Writes rows as a segment.</summary>
internal static class SegmentBuilder
{
    /// <summary>The most bytes of rows, of keys and of values in a segment: what a compaction holds in memory is a part of it.</summary>
    public const long MaxBytes = 512 << 20;

    private const int BlockBytes = 4 << 20;

    /// <summary>Values from one row to the next: rows begin at multiples of 64 bytes, as the kernel likes them.</summary>
    public static int Stride(int embeddingSize) => (embeddingSize + 15) / 16 * 16;

    /// <summary>Rows in a block of a segment, which has a checksum of its own: a multiple of 64.</summary>
    public static int BlockRows(int stride) => Math.Max(64, BlockBytes / (stride * sizeof(float)) / 64 * 64);

    /// <summary>Writes a segment.</summary>
    /// <param name="folder">The index.</param>
    /// <param name="name">Its name.</param>
    /// <param name="shape">D, stride and scan.</param>
    /// <param name="columns">The index's columns. One that is missing in all rows takes no room.</param>
    /// <param name="rows">At least one.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public static ManifestSegment Write(
        IndexFolder folder, string name, ManifestRows shape, IReadOnlyList<SwanColumn> columns, RowSource rows,
        CancellationToken cancellation)
    {
        using var file = new SegmentFile(folder, name);
        // What searches read in order comes first.
        if (shape.Scan == IndexManifestRules.Int8)
        {
            byte[] codes = new byte[Int8Part.Bytes(rows.Count, shape.EmbeddingSize)];
            Int8Part.Encode(new SourceBlocks(rows, shape.EmbeddingSize, BlockRows(shape.Stride)), codes, cancellation);
            file.Part(Segment.Int8PartName, PartPlace.DefaultChunk, stream => stream.Write(codes));
        }
        // A chunk is what is read at once: a block, or some rows that may be among the results.
        int chunk = shape.Scan == IndexManifestRules.Int8 ? Int8Part.Group : BlockRows(shape.Stride);
        file.Part(Segment.RowsPart, Math.Max(PartPlace.Page, chunk * shape.Stride * sizeof(float)), stream =>
        {
            float[] padded = new float[shape.Stride];
            for (int row = 0; row < rows.Count; row++)
            {
                if (row % 1024 == 0) cancellation.ThrowIfCancellationRequested();
                rows.Row(row).CopyTo(padded);
                stream.Write(MemoryMarshal.AsBytes<float>(padded));
            }
        });
        SegmentKeys.Write(file, rows);
        for (int column = 0; column < columns.Count; column++) WriteColumn(file, columns[column], column, rows, cancellation);
        return file.Finish(rows.Count, shape.EmbeddingSize, shape.Stride);
    }

    private static void WriteColumn(SegmentFile file, SwanColumn column, int number, RowSource rows, CancellationToken cancellation)
    {
        var builder = new ColumnBuilder(column);
        bool any = false;
        for (int row = 0; row < rows.Count; row++)
        {
            if (row % 1024 == 0) cancellation.ThrowIfCancellationRequested();
            object? value = rows.Value(row, number);
            any |= value is not null;
            builder.Add(value);
        }
        if (any) file.Part(Segment.ColumnPrefix + column.Name, PartPlace.DefaultChunk, builder.Write);
    }

    // Rows in order, copied block by block.
    private sealed class SourceBlocks(RowSource rows, int dimension, int blockRows) : RowBlocks
    {
        private readonly float[] _block = new float[Math.Min(rows.Count, blockRows) * dimension];

        public override int EmbeddingSize => dimension;

        public override int RowStride => dimension;

        public override int Count => rows.Count;

        public override int Blocks => (int)(((long)rows.Count + blockRows - 1) / blockRows);

        public override int FirstRow(int block) => block * blockRows;

        public override ReadOnlySpan<float> Rows(int block)
        {
            int first = FirstRow(block), count = Math.Min(blockRows, rows.Count - first);
            for (int row = 0; row < count; row++) rows.Row(first + row).CopyTo(_block.AsSpan(row * dimension));
            return _block.AsSpan(0, count * dimension);
        }
    }
}
