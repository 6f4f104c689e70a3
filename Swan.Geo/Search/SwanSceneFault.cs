using Swan.MLNet;

namespace Swan.Geo.Search;

/// <summary>What is wrong with a scene.</summary>
/// <param name="Scene">The file's path.</param>
/// <param name="Reason">Why, and what to do.</param>
public sealed record SwanSceneFault(string Scene, string Reason)
{
    /// <summary>A fault of an exception; those of the system don't say what to do.</summary>
    internal static SwanSceneFault Of(string scene, Exception e) => new(scene, e is SwanException or FileNotFoundException
        ? e.Message
        : $"The scene '{scene}' can't be read: {e.Message.TrimEnd('.')}. Let this account read it, or move it out of the folder.");
}
