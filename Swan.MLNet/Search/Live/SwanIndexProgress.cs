namespace Swan.MLNet.Search;

/// <summary>How far work on an index is.</summary>
/// <param name="Done">Bytes or rows, as the work says.</param>
/// <param name="Total">Of how many.</param>
public readonly record struct SwanIndexProgress(long Done, long Total);
