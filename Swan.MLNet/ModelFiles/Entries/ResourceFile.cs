using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Win32.SafeHandles;

namespace Swan.MLNet.ModelFiles;

/// <summary>A resource of this library, read from the library's file.</summary>
/// <remarks>
/// The runtime's own stream is a view of the loaded library. Pages read through it stay in the process's memory, and a model has thousands
/// of them. An unreadable file, or one of another build, is not an error, because the runtime's stream remains.
/// </remarks>
internal static class ResourceFile
{
    /// <summary>Opens a resource again and again; null where there is none of the name.</summary>
    /// <remarks>The library's file stays open until the process ends.</remarks>
    /// <param name="name">The resource's name.</param>
    public static Func<Stream>? Opener(string name)
    {
        Assembly library = typeof(ResourceFile).Assembly;
        if (InFile(library.Location, library.ManifestModule.ModuleVersionId, name) is { } found) return found;
        return library.GetManifestResourceInfo(name) is null ? null : () => library.GetManifestResourceStream(name)!;
    }

    /// <summary>Opens a resource of a library's file; null where the file is another, or can't be read.</summary>
    /// <param name="path">The library's file; empty for a program that is one file.</param>
    /// <param name="version">Which build of it is meant: another may have taken its place.</param>
    /// <param name="name">The resource's name.</param>
    internal static Func<Stream>? InFile(string path, Guid version, string name)
    {
        if (!File.Exists(path)) return null;
        SafeFileHandle? file = null;
        Func<Stream>? opener = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (Find(file, version, name) is (var start, var length)) opener = Part(file, start, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            // Half a file, or one that nobody may read.
        }
        finally
        {
            if (opener is null) file?.Dispose();
        }
        return opener;
    }

    private static (long Start, long Length)? Find(SafeFileHandle file, Guid version, string name)
    {
        long end = RandomAccess.GetLength(file);
        using var library = new PEReader(new FilePart(file, 0, end));
        if (!library.HasMetadata) return null;
        MetadataReader metadata = library.GetMetadataReader();
        if (metadata.GetGuid(metadata.GetModuleDefinition().Mvid) != version
            || library.PEHeaders.CorHeader is not { } header
            || !library.PEHeaders.TryGetDirectoryOffset(header.ResourcesDirectory, out int resources))
            return null;
        foreach (ManifestResourceHandle handle in metadata.ManifestResources)
        {
            ManifestResource resource = metadata.GetManifestResource(handle);
            if (!resource.Implementation.IsNil || !metadata.StringComparer.Equals(resource.Name, name)) continue;
            // Each resource begins with its length, 4 bytes.
            long start = resources + resource.Offset;
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            if (RandomAccess.Read(file, bytes, start) < bytes.Length) return null;
            uint length = BitConverter.ToUInt32(bytes);
            return start + bytes.Length + length > end ? null : (start + bytes.Length, length);
        }
        return null;
    }

    private static Func<Stream> Part(SafeFileHandle file, long start, long length) => () => new FilePart(file, start, length);
}
