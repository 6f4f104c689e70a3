using Swan.MLNet.Numerics;
using Swan.MLNet.Search;

namespace Swan.Benchmarks.Commands;

/// <summary>A gallery's rows as bytes in memory, a part for each block.</summary>
internal sealed class EncodedGallery : Int8Blocks
{
    private readonly Int8Rows[] _blocks;

    public EncodedGallery(EmbeddingBlocks gallery) => _blocks = [.. Enumerable.Range(0, gallery.Blocks).Select(block =>
    {
        var rows = new OneBlock(gallery, block);
        byte[] bytes = new byte[Int8Part.Bytes(rows.Count, gallery.EmbeddingSize)];
        Int8Part.Encode(rows, bytes, CancellationToken.None);
        return Int8Part.Open(bytes, rows.Count, gallery.EmbeddingSize).Slice(0, rows.Count);
    })];

    public override Int8Rows Block(int block) => _blocks[block];

    /// <summary>Bytes that a scan reads.</summary>
    public long Bytes => _blocks.Sum(block => Int8Part.Bytes(block.Count, block.Part.Dimension));

    private sealed class OneBlock(EmbeddingBlocks gallery, int block) : RowBlocks
    {
        public override int EmbeddingSize => gallery.EmbeddingSize;

        public override int RowStride => gallery.RowStride;

        public override int Count => gallery.Rows(block).Length / gallery.EmbeddingSize;

        public override int Blocks => 1;

        public override int FirstRow(int block) => 0;

        public override ReadOnlySpan<float> Rows(int _) => gallery.Rows(block);
    }
}

/// <summary>A set of the rows of a gallery whose blocks begin at multiples of 64 rows.</summary>
internal sealed class BitsMask(EmbeddingBlocks gallery, RowBits bits) : RowMask
{
    public override int Count { get; } = bits.Count;

    public override ReadOnlySpan<ulong> Block(int block)
    {
        int first = gallery.FirstRow(block);
        return bits.Words.Slice(first / 64, (Math.Min(gallery.RowsPerBlock, gallery.Count - first) + 63) / 64);
    }
}
