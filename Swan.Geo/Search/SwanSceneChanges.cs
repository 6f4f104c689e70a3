namespace Swan.Geo.Search;

/// <summary>What became of a folder's scenes.</summary>
public sealed record SwanSceneChanges
{
    /// <summary>Scenes that are new in the index.</summary>
    public required int Added { get; init; }

    /// <summary>Scenes whose content has changed.</summary>
    public required int Replaced { get; init; }

    /// <summary>Scenes that the index has as they are.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Scenes whose files are gone, and which the index no longer has.</summary>
    public required int Removed { get; init; }

    /// <summary>Windows that were embedded.</summary>
    public required long Windows { get; init; }

    /// <summary>Scenes of the index.</summary>
    public required int Scenes { get; init; }

    /// <summary>Windows of the index.</summary>
    public required long Rows { get; init; }

    /// <summary>Scenes that could not be indexed; what the index had of them stays.</summary>
    public required IReadOnlyList<SwanSceneFault> Faults { get; init; }

    /// <summary>Scenes that were indexed now, and whose place on the earth isn't known; windows of them are found all the same.</summary>
    public required IReadOnlyList<SwanSceneFault> Unplaced { get; init; }
}
