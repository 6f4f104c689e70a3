namespace Swan.MLNet.Search;

/// <summary>The changes by a batch of a <see cref="SwanIndexWriter"/>.</summary>
/// <param name="Added">Rows with new keys.</param>
/// <param name="Replaced">Rows that replaced others with their keys.</param>
/// <param name="Unchanged">Rows that were already stored with the same content.</param>
/// <param name="Skipped">Rows whose embedding has no direction (<see cref="SwanRowChange.Skipped"/>).</param>
public readonly record struct SwanIndexChanges(long Added, long Replaced, long Unchanged, long Skipped)
{
    internal SwanIndexChanges With(SwanRowChange change) => change switch
    {
        SwanRowChange.Added => this with { Added = Added + 1 },
        SwanRowChange.Replaced => this with { Replaced = Replaced + 1 },
        SwanRowChange.Unchanged => this with { Unchanged = Unchanged + 1 },
        _ => this with { Skipped = Skipped + 1 },
    };
}
