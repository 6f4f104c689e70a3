namespace Swan.Geo.Coordinates;

/// <summary>The file that a path leads to, over links.</summary>
internal static class LinkedFile
{
    /// <summary>Finds it; null where nothing has the name, a folder has it, or links lead nowhere or in a circle.</summary>
    /// <remarks>
    /// One without bytes may be a pipe or a device, and must not be opened: opening a pipe waits for a writer.
    /// </remarks>
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
}
