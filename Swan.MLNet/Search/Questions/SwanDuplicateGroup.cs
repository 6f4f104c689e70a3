namespace Swan.MLNet.Search;

/// <summary>A row and those of its near-duplicates that are in no earlier group.</summary>
/// <param name="Kept">The lowest row, with score 1.</param>
/// <param name="Others">At least one, by row, with its score to <paramref name="Kept"/>.</param>
/// <remarks>
/// Each of <paramref name="Others"/> is a near-duplicate of <paramref name="Kept"/>, so a very similar row remains if they are removed.
/// Chains of pairs don't form a group, because their ends may look quite different.
/// </remarks>
public sealed record SwanDuplicateGroup(SwanHit Kept, IReadOnlyList<SwanHit> Others);
