namespace Swan.MLNet.Transforms;

/// <summary>What a saved pipeline has of the living index that it searches.</summary>
public enum SwanIndexSaving
{
    /// <summary>The index's folder: the loaded pipeline opens it, and answers by what the index holds then.</summary>
    /// <remarks>
    /// <see cref="SwanLoadOptions.IndexFolder"/> says where it is on another machine, <see cref="SwanLoadOptions.IndexFolders"/> where
    /// several are.
    /// </remarks>
    Reference,

    /// <summary>The rows that pass the filter when the pipeline is saved, with their keys; the loaded pipeline needs no folder.</summary>
    Copy,
}
