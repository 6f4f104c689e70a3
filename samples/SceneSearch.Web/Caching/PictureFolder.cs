namespace SceneSearch.Web.Caching;

/// <summary>Files of reduced pictures, a folder for each scene, up to a number of bytes: what wasn't looked at for longest goes.</summary>
/// <remarks>Safe for concurrent use, also by several processes. A file is there whole or not at all.</remarks>
/// <param name="path">The folder.</param>
/// <param name="mostBytes">Of all files together.</param>
internal sealed class PictureFolder(string path, long mostBytes)
{
    /// <summary>A file's bytes; null where it isn't there.</summary>
    public byte[]? TryRead(string scene, string name)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(path, scene, name));
            Directory.SetLastWriteTimeUtc(Path.Combine(path, scene), DateTime.UtcNow);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a file. What can't be written is made again when it is needed.</summary>
    public void TryWrite(string scene, string name, byte[] bytes)
    {
        try
        {
            string folder = Directory.CreateDirectory(Path.Combine(path, scene)).FullName;
            string unfinished = Path.Combine(folder, $"{name}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp");
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, Path.Combine(folder, name), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Removes what is too much.</summary>
    public void Trim()
    {
        try
        {
            long bytes = 0;
            foreach (DirectoryInfo scene in new DirectoryInfo(path).EnumerateDirectories().OrderByDescending(d => d.LastWriteTimeUtc))
            {
                bytes += scene.EnumerateFiles().Sum(f => f.Length);
                if (bytes > mostBytes) scene.Delete(recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process trims, too.
        }
    }
}
