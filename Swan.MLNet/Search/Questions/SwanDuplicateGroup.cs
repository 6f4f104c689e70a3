namespace Swan.MLNet.Search;

/// <summary>A row and its near-duplicates that are in no group before.</summary>
/// <param name="Kept">The lowest row, with score 1.</param>
/// <param name="Others">At least one, by row, with its score to <paramref name="Kept"/>.</param>
/// <remarks>
/// Each of <paramref name="Others"/> is itself a near-duplicate of <paramref name="Kept"/>, so removing them loses nothing that isn't kept
/// in much the same form. Chains of pairs don't make a group: their ends may look quite different.
/// </remarks>
public sealed record SwanDuplicateGroup(SwanHit Kept, IReadOnlyList<SwanHit> Others);
