using Swan.MLNet;

namespace Swan.Geo.Scenes;

/// <summary>The file that a path leads to, over links.</summary>
internal static class LinkedFile
{
    /// <summary>Finds it; null where nothing has the name, a folder has it, or links lead nowhere or in a circle.</summary>
    public static FileInfo? Of(string path)
    {
        var file = new FileInfo(path);
        try
        {
            // A link itself stays as it is when what it leads to changes.
            FileInfo? leadsTo = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            return leadsTo?.Exists == true ? leadsTo : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Refuses what would wait for another program: whoever opens a pipe waits until somebody writes into it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanSceneException">It has no bytes, as pipes and devices have none.</exception>
    public static void ThrowUnlessThere(string path)
    {
        if (Of(path) is not { } file)
        {
            string why = FilePath.WhyMissing(path)
                ?? "there is no such file, or it is a link that leads nowhere or in a circle. Copy it there again, or remove the link.";
            throw new FileNotFoundException($"The scene '{path}': {why}", path);
        }
        if (file.Length == 0)
        {
            throw new SwanSceneException(path, "it has no bytes: it is empty, or a pipe or a device. Copy it again from its source, or "
                + "remove it.");
        }
    }
}
