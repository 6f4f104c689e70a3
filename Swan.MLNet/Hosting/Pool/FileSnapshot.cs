using System.Security.Cryptography;

namespace Swan.MLNet.Hosting;

/// <summary>
/// A file's content at one moment, in memory: the checked bytes are the loaded ones, and no file stays open.
/// </summary>
internal sealed class FileSnapshot
{
    private FileSnapshot(FileStamp stamp, byte[] bytes)
    {
        Stamp = stamp;
        Bytes = bytes;
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    public FileStamp Stamp { get; }

    public byte[] Bytes { get; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>Reads the file, or gives null where it isn't there or changed meanwhile.</summary>
    /// <exception cref="IOException">It can't be read, or has more than 2 GiB.</exception>
    public static FileSnapshot? Read(string path)
    {
        FilePath.ThrowIfNotText(path);
        FileStamp? before = FileStamp.Read(path);
        if (before is null) return null;
        byte[] bytes;
        try
        {
            // Whoever writes or replaces it meanwhile may do so.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > Array.MaxLength)
                throw new IOException($"'{path}' has {stream.Length:N0} bytes; a reloaded pipeline may have at most {Array.MaxLength:N0}.");
            bytes = new byte[stream.Length];
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        return FileStamp.Read(path) == before && bytes.Length == before.Value.Length ? new FileSnapshot(before.Value, bytes) : null;
    }
}
