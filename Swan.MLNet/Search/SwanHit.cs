namespace Swan.MLNet.Search;

/// <summary>One result of a search.</summary>
/// <remarks>
/// Of a normalized model's embeddings the score is that of all values, and the last value of every image is one constant c: of two images
/// it is c² more than (1 − c²) times the cosine of what they show (with c = 0.447, 0.2 + 0.8 × cosine), so unrelated images are not near
/// 0. Scores of captions and of images are on different scales.
/// </remarks>
/// <param name="Key">The row's key.</param>
/// <param name="Row">The row's number in the index, from 0.</param>
/// <param name="Score">The cosine of query and row, in [-1, 1].</param>
public readonly record struct SwanHit(string Key, int Row, float Score);
