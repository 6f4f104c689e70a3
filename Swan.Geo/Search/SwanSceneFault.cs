using Swan.MLNet;

namespace Swan.Geo.Search;

/// <summary>A problem with a scene.</summary>
/// <param name="Scene">The file's path.</param>
/// <param name="Reason">Why, and what to do.</param>
public sealed record SwanSceneFault(string Scene, string Reason)
{
    /// <summary>A fault of an exception; those of the system don't say what to do.</summary>
    internal static SwanSceneFault Of(string scene, Exception e) => new(scene, e is SwanException or FileNotFoundException
        ? e.Message
        : $"The scene '{scene}' can't be read: {e.Message.TrimEnd('.')}. Give this account read access, or move it out of the folder.");
}
