using Swan.Cli.Outcomes;
using Swan.Geo.Search;
using Swan.MLNet;
using Swan.MLNet.Search;

namespace Swan.Cli.Indexing;

/// <summary>Opens the index of a command line. Where there is none, the message names the command that makes it.</summary>
internal static class LivingIndex
{
    /// <summary>Opens it.</summary>
    /// <param name="folder">As typed.</param>
    /// <param name="rows">What brings the rows, as typed, such as <c>--images photos</c>; null: the command adds none.</param>
    /// <exception cref="CommandException">There is no such index.</exception>
    public static SwanLiveIndex Open(string folder, string? rows = null)
    {
        try
        {
            return SwanLiveIndex.Open(folder);
        }
        catch (FileNotFoundException e)
        {
            throw new CommandException(WhyMissing(folder, rows), e);
        }
    }

    private static string WhyMissing(string folder, string? rows)
    {
        if (File.Exists(folder))
        {
            return $"'{folder}' is a file, but an index is a folder. Make an index from its rows with 'swan index build --from {folder} "
                + "--out INDEX', or give another folder.";
        }
        if (File.Exists(Path.Combine(folder, SceneList.FileName)))
            return $"'{folder}' is an index of scenes. Use 'swan scene search' or 'swan scene export', or give another folder.";
        string found = $"There is no index in '{folder}': it has no '{Path.GetFileName(new IndexFolder(folder).Manifest)}'. ";
        if (FilePath.WhyMissing(folder) is { } why) return $"{found}It can't be there: {why}";
        return rows is null
            ? $"{found}Give a folder that 'swan index build' made."
            : $"{found}Build it first with 'swan index build {rows} --out {folder}', or give a folder that it made.";
    }
}
