namespace Swan.MLNet.Search;

/// <summary>One result of a search.</summary>
/// <remarks>
/// A normalized model's score covers all values, and the last value of every image is one constant c. For two images the score is c² + (1 −
/// c²) × the cosine of their content (with c = 0.447, 0.2 + 0.8 × cosine), so unrelated images are not near 0. Scores of captions and of
/// images have different scales.
/// </remarks>
/// <param name="Key">The row's key.</param>
/// <param name="Row">The row's number in the index, from 0.</param>
/// <param name="Score">The cosine of query and row, in [-1, 1].</param>
public readonly record struct SwanHit(string Key, int Row, float Score);
