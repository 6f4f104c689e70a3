namespace Swan.MLNet.Search;

/// <summary>Which rows of a gallery a query may find: those that are not deleted and pass its filter.</summary>
/// <remarks>It has the blocks of the gallery's <see cref="Numerics.RowBlocks"/>, and doesn't change while somebody reads.</remarks>
internal abstract class RowMask
{
    /// <summary>Rows that may be found. Where there are none, <see cref="Block"/> is not asked.</summary>
    public abstract int Count { get; }

    /// <summary>A block's rows: row r of the block is bit r mod 64 of word r / 64; bits behind the last row are 0.</summary>
    public abstract ReadOnlySpan<ulong> Block(int block);
}
