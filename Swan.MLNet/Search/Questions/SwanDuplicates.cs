namespace Swan.MLNet.Search;

/// <summary>Rows of a gallery that are near-duplicates of each other.</summary>
/// <param name="Pairs">All pairs, by the row of the first, then by the row of the second.</param>
/// <param name="Groups">Groups of rows, in the order of the rows to keep.</param>
public sealed record SwanDuplicates(IReadOnlyList<SwanDuplicatePair> Pairs, IReadOnlyList<SwanDuplicateGroup> Groups);
