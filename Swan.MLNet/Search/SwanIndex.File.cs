
namespace Swan.MLNet.Search;

public sealed partial class SwanIndex
{
    /// <summary>
    /// Writes the index to a file, to a temporary name first, so <paramref name="path"/> is the old file or the complete new one.
    /// </summary>
    /// <param name="path">The file, usually with the extension <c>.swanindex</c>; the folder is created.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes the index to a stream, which need not be seekable and stays open.</summary>
    /// <param name="stream">Writable.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SwanIndexFormat.Write(this, Keys, stream);
    }

    /// <summary>Reads an index from a file into memory.</summary>
    /// <param name="path">A file that <see cref="Save(string)"/> wrote.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SwanFormatException">It is not an index, is damaged, or needs another version.</exception>
    public static SwanIndex Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath.ThrowIfNotText(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no index file '{path}' (looked in '{Path.GetDirectoryName(Path.GetFullPath(path))}'). "
                + "Give the path of a file that SwanIndex.Save wrote.",
                path);
        }
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 18);
        string name = Path.GetFileName(path);
        SwanIndex index = Load(stream, name);
        if (stream.Position < stream.Length)
        {
            throw new SwanFormatException(
                $"'{name}' has {stream.Length - stream.Position:N0} bytes after the end of the index. "
                + "It was changed after it was saved: copy it or build it again.");
        }
        return index;
    }

    /// <summary>Reads an index from a stream, which need not be seekable and stays open after the index.</summary>
    /// <param name="stream">Readable.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="SwanFormatException">It is not an index, is damaged, or needs another version.</exception>
    public static SwanIndex Load(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return SwanIndexFormat.Read(stream, name);
    }
}
