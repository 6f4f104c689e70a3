namespace Swan.Batch.Output;

/// <summary>A file that is there whole or not at all, even after a power cut: written under a temporary name, flushed to disk, renamed, and the folder flushed.</summary>
/// <param name="temporary">A name in the final file's folder; what is left there is overwritten.</param>
internal sealed class DurableFile(string temporary) : IDisposable
{
    /// <summary>Where the content goes.</summary>
    public FileStream Stream { get; } = new(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16);

    /// <summary>Gives the file its name.</summary>
    /// <param name="path">In the same folder; what has the name is replaced.</param>
    public void Commit(string path)
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(temporary, path, overwrite: true);
        FolderFlush.Flush(Path.GetDirectoryName(path)!);
    }

    /// <summary>Leaves no temporary file.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // On a full disk the rest of the buffer can't be written either; what failed first is on its way to the caller.
        }
        File.Delete(temporary);
    }
}
