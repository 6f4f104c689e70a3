namespace Swan.Batch.Runs;

/// <summary>A temporary file of this machine, gone when it is closed, or when the process is killed.</summary>
internal static class LocalFile
{
    public static FileStream Create()
    {
        var file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"swan-{Guid.NewGuid():N}.tmp"),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                // Windows deletes it whatever ends the process; elsewhere .NET would.
                Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
                BufferSize = 1 << 16,
            });
        // Elsewhere a file lives as long as somebody has it open, with or without a name.
        if (!OperatingSystem.IsWindows()) File.Delete(file.Name);
        return file;
    }
}
