namespace Swan.Geo.Search;

/// <summary>What is wrong with a scene.</summary>
/// <param name="Scene">The file's path.</param>
/// <param name="Reason">Why, and what to do.</param>
public sealed record SwanSceneFault(string Scene, string Reason);
