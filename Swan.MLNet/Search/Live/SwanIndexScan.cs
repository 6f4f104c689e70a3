namespace Swan.MLNet.Search;

/// <summary>The data that a search of an index reads.</summary>
public enum SwanIndexScan
{
    /// <summary>All rows as float32: 4 bytes per value.</summary>
    Float32,

    /// <summary>Rows with one byte per value, then candidates as float32: the same results with a quarter of the resident memory.</summary>
    /// <remarks>The index is a quarter larger on disk.</remarks>
    Int8,
}
