namespace Swan.MLNet.Search;

/// <summary>Rows that become a segment, in their order there.</summary>
internal abstract class RowSource
{
    public abstract int Count { get; }

    /// <summary>D values of unit length, until the next call.</summary>
    public abstract ReadOnlySpan<float> Row(int row);

    /// <summary>The key as UTF-8, until the next call.</summary>
    public abstract ReadOnlySpan<byte> Key(int row);

    /// <summary>The key's <see cref="SegmentKeys.Hash"/>.</summary>
    public abstract ulong Hash(int row);

    /// <summary>A value of a column, by the column's number in the index; null where it is missing.</summary>
    public abstract object? Value(int row, int column);
}
