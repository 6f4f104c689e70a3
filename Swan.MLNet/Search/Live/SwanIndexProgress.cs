namespace Swan.MLNet.Search;

/// <summary>The progress of work on an index.</summary>
/// <param name="Done">The bytes or rows done, depending on the work.</param>
/// <param name="Total">The total of these.</param>
public readonly record struct SwanIndexProgress(long Done, long Total);
