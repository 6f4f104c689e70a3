namespace Swan.MLNet.Transforms;

/// <summary>How a saved pipeline stores the living index that it searches.</summary>
public enum SwanIndexSaving
{
    /// <summary>The index's folder: the loaded pipeline opens it, and searches the index's rows at that time.</summary>
    /// <remarks>
    /// On another machine, <see cref="SwanLoadOptions.IndexFolder"/> gives its place, and <see cref="SwanLoadOptions.IndexFolders"/> the
    /// places of several.
    /// </remarks>
    Reference,

    /// <summary>The rows that pass the filter when the pipeline is saved, with their keys; the loaded pipeline needs no folder.</summary>
    Copy,
}
