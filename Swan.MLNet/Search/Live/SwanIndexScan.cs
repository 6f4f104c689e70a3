namespace Swan.MLNet.Search;

/// <summary>What a search of an index reads.</summary>
public enum SwanIndexScan
{
    /// <summary>All rows as float32: 4 bytes a value.</summary>
    Float32,

    /// <summary>Rows as one byte a value, then candidates as float32: the same results with a quarter of the resident memory.</summary>
    /// <remarks>The index is a quarter larger on disk.</remarks>
    Int8,
}
