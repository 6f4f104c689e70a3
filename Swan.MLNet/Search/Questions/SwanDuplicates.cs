namespace Swan.MLNet.Search;

/// <summary>Rows of a gallery that are near-duplicates of each other.</summary>
/// <param name="Pairs">All pairs, by the row of the first, then by the row of the second.</param>
/// <param name="Groups">The rows by the one to keep, in its order.</param>
public sealed record SwanDuplicates(IReadOnlyList<SwanDuplicatePair> Pairs, IReadOnlyList<SwanDuplicateGroup> Groups);
