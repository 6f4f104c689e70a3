using System.Collections.Concurrent;

namespace Swan.Batch.Tests;

/// <summary>The bytes of tiny pictures, each seed another one.</summary>
internal static class MadePictures
{
    private static readonly ConcurrentDictionary<int, byte[]> s_pictures = [];

    public static byte[] Of(int seed) => s_pictures.GetOrAdd(seed, static seed =>
    {
        using var folder = new TemporaryFolder();
        return File.ReadAllBytes(TinyImages.Write(folder.FullName, "picture.png", seed));
    });
}
