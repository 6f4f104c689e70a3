using Swan.MLNet.Numerics;

namespace Swan.MLNet.Search;

/// <summary>Rows of a gallery as bytes: the same blocks as its <see cref="RowBlocks"/>.</summary>
internal abstract class Int8Blocks
{
    /// <summary>The rows of a block: those that <see cref="RowBlocks.Rows"/> has, in the same order.</summary>
    public abstract Int8Rows Block(int block);
}
