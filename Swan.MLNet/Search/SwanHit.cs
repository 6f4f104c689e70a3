namespace Swan.MLNet.Search;

/// <summary>One result of a search.</summary>
/// <param name="Key">The row's key.</param>
/// <param name="Row">The row's number in the index, from 0.</param>
/// <param name="Score">The cosine of query and row, in [-1, 1].</param>
public readonly record struct SwanHit(string Key, int Row, float Score);
