namespace Swan.MLNet.Search;

/// <summary>The change that a <see cref="SwanIndexWriter"/> made for a row.</summary>
public enum SwanRowChange
{
    /// <summary>No row had the key; now one has.</summary>
    Added,

    /// <summary>The key's row was different before.</summary>
    Replaced,

    /// <summary>The key's row was already the same, so nothing is written.</summary>
    Unchanged,

    /// <summary>The embedding has no direction: a value is missing (NaN) or infinite, or all are zero.</summary>
    /// <remarks>The key's earlier row, if any, stays.</remarks>
    Skipped,

    /// <summary>No row has the key, so there was nothing to change.</summary>
    Missing,
}
