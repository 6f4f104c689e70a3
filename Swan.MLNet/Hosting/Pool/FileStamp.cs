namespace Swan.MLNet.Hosting;

/// <summary>A cheap sign, without opening it, that a file may have changed.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>
    /// The file's, or null if there is none. Links are followed, because some systems replace their targets.
    /// </summary>
    /// <exception cref="IOException">It can't be seen.</exception>
    public static FileStamp? Read(string path)
    {
        try
        {
            FileSystemInfo file = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
            return file is FileInfo { Exists: true } found ? new FileStamp(found.Length, found.LastWriteTimeUtc) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
