namespace Swan.MLNet.Search;

/// <summary>What a <see cref="SwanIndexWriter"/> did with a row.</summary>
public enum SwanRowChange
{
    /// <summary>No row had the key; now one has.</summary>
    Added,

    /// <summary>The key's row was another one before.</summary>
    Replaced,

    /// <summary>The key's row was the same already, so nothing is written.</summary>
    Unchanged,

    /// <summary>The embedding has no direction: a value is missing (NaN) or infinite, or all are zero.</summary>
    /// <remarks>The row that the key had, if any, stays.</remarks>
    Skipped,

    /// <summary>No row has the key, so there was nothing to change.</summary>
    Missing,
}
