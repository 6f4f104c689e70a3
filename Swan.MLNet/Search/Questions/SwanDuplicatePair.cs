namespace Swan.MLNet.Search;

/// <summary>Two rows that are near-duplicates.</summary>
/// <param name="FirstKey">The key of the first.</param>
/// <param name="FirstRow">Its number in the gallery.</param>
/// <param name="SecondKey">The key of the second.</param>
/// <param name="SecondRow">Its number, which is higher.</param>
/// <param name="Score">Their cosine, on the scale of <see cref="SwanHit.Score"/>.</param>
public readonly record struct SwanDuplicatePair(string FirstKey, int FirstRow, string SecondKey, int SecondRow, float Score);
