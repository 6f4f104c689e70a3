using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Win32.SafeHandles;

namespace Swan.MLNet.ModelFiles;

/// <summary>A resource of this library, read from the library's file.</summary>
/// <remarks>
/// The runtime's own stream is a view of the loaded library: pages that are read through it stay in the process's memory, and a model has
/// thousands of them.
/// </remarks>
internal static class ResourceFile
{
    /// <summary>Opens a resource again and again; null where there is none of the name.</summary>
    /// <param name="name">The resource's name.</param>
    public static Func<Stream>? Opener(string name)
    {
        Assembly library = typeof(ResourceFile).Assembly;
        // A program that is one file has none of the library's own.
        if (File.Exists(library.Location) && Find(library.Location, name) is { } found) return found;
        return library.GetManifestResourceInfo(name) is null ? null : () => library.GetManifestResourceStream(name)!;
    }

    private static Func<Stream>? Find(string path, string name)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        using var library = new PEReader(new FilePart(file, 0, RandomAccess.GetLength(file)));
        MetadataReader metadata = library.GetMetadataReader();
        if (library.PEHeaders.CorHeader is not { } header
            || !library.PEHeaders.TryGetDirectoryOffset(header.ResourcesDirectory, out int resources))
            return null;
        foreach (ManifestResourceHandle handle in metadata.ManifestResources)
        {
            ManifestResource resource = metadata.GetManifestResource(handle);
            if (!resource.Implementation.IsNil || !metadata.StringComparer.Equals(resource.Name, name)) continue;
            // Each resource begins with its length, 4 bytes.
            long start = resources + resource.Offset;
            Span<byte> length = stackalloc byte[sizeof(int)];
            return RandomAccess.Read(file, length, start) < length.Length ? null
                : Part(file, start + length.Length, BitConverter.ToUInt32(length));
        }
        return null;
    }

    private static Func<Stream> Part(SafeFileHandle file, long start, long length) => () => new FilePart(file, start, length);
}
