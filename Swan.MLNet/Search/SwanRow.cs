namespace Swan.MLNet.Search;

/// <summary>A row of a gallery.</summary>
/// <param name="Key">The row's key.</param>
/// <param name="Embedding">D values at unit length, a copy.</param>
/// <param name="Values">The values by column name, null if one is missing; empty in a gallery without columns.</param>
public sealed record SwanRow(string Key, ReadOnlyMemory<float> Embedding, IReadOnlyDictionary<string, object?> Values);
