namespace Swan.Geo.Search;

/// <summary>The changes of an index by an update.</summary>
public sealed record SwanSceneChanges
{
    /// <summary>Scenes that are new in the index.</summary>
    public required int Added { get; init; }

    /// <summary>Scenes whose content has changed.</summary>
    public required int Replaced { get; init; }

    /// <summary>Unchanged scenes.</summary>
    public required int Unchanged { get; init; }

    /// <summary>Scenes that were removed because their files are gone.</summary>
    public required int Removed { get; init; }

    /// <summary>Windows that were embedded.</summary>
    public required long Windows { get; init; }

    /// <summary>Scenes of the index.</summary>
    public required int Scenes { get; init; }

    /// <summary>Windows of the index.</summary>
    public required long Rows { get; init; }

    /// <summary>Scenes that could not be indexed; the index keeps its earlier rows of them.</summary>
    public required IReadOnlyList<SwanSceneFault> Faults { get; init; }

    /// <summary>Newly indexed scenes whose place on the earth isn't known; searches find their windows, too.</summary>
    public required IReadOnlyList<SwanSceneFault> Unplaced { get; init; }
}
