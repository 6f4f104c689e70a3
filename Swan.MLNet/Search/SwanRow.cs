namespace Swan.MLNet.Search;

/// <summary>What a gallery holds of one row.</summary>
/// <param name="Key">The row's key.</param>
/// <param name="Embedding">D values at unit length, a copy.</param>
/// <param name="Values">By column name; null where a value is missing, and empty in a gallery without columns.</param>
public sealed record SwanRow(string Key, ReadOnlyMemory<float> Embedding, IReadOnlyDictionary<string, object?> Values);
