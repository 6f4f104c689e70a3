using Swan.Cli.Display;
using Swan.Cli.Outcomes;
using Swan.Geo.Search;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Commands;

/// <summary>Opens an index of scenes for a command that needs scenes in it.</summary>
internal static class SceneIndexOpening
{
    /// <summary>Opens it.</summary>
    /// <param name="folder">As the command line gives it.</param>
    /// <exception cref="CommandException">It has no scenes: an answer from it would read as if there were no such places.</exception>
    public static SwanSceneIndex Open(string folder)
    {
        SwanSceneIndex index = SwanSceneIndex.Open(folder);
        if (index.SceneCount > 0) return index;
        int rows = index.Rows.Count;
        index.Dispose();
        throw new CommandException(rows > 0
            ? $"The index '{folder}' has no complete scene yet: it has {Counted.Of(rows, "window")} of scenes whose indexing has not "
                + "finished. Run the same 'swan scene index' again; it keeps these windows."
            : $"The index '{folder}' has no scenes: its indexing has not finished, or its scenes are gone or can't be read. Run the same "
                + "'swan scene index' again; it reports them.");
    }
}
