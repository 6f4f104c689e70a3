namespace Swan.MLNet.Search;

/// <summary>What a search of an index reads.</summary>
public enum SwanIndexScan
{
    /// <summary>All rows as float32: 4 bytes a value.</summary>
    Float32,

    /// <summary>
    /// All rows as one byte a value, and those that may be among the results as float32: the same results from a quarter of the memory that
    /// has to stay resident. The index is a quarter larger on disk.
    /// </summary>
    Int8,
}
