namespace Swan.MLNet.Hosting;

/// <summary>What tells cheaply, without opening it, that a file may have changed.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>
    /// The file's, or null where there is none. Links are followed: what they point to is what is replaced on some systems.
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
