namespace Swan.Batch.Stores;

/// <summary>Temporary files of this machine, which other users can't read.</summary>
internal static class LocalFile
{
    /// <summary>Makes a file that is gone when it is closed, or when the process is killed.</summary>
    public static FileStream Create()
    {
        // Windows deletes it whatever ends the process; elsewhere .NET would.
        FileStream file = Create(
            Path.Combine(Path.GetTempPath(), $"swan-{Guid.NewGuid():N}.tmp"),
            OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        // Elsewhere a file lives as long as it is open, with or without a name.
        if (!OperatingSystem.IsWindows()) File.Delete(file.Name);
        return file;
    }

    /// <summary>Makes a file that stays.</summary>
    public static FileStream Create(string path, FileOptions more = FileOptions.None)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = more,
            BufferSize = 1 << 16,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
