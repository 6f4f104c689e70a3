namespace Swan.Batch.Runs;

/// <summary>A temporary file of this machine, gone when it is closed.</summary>
internal static class LocalFile
{
    public static FileStream Create() => new(
        Path.Combine(Path.GetTempPath(), $"swan-{Guid.NewGuid():N}.tmp"),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 1 << 16,
        });
}
