using System.Buffers.Binary;
using Swan.MLNet.Imaging;

namespace Swan.Geo.Tests.Scenes;

/// <summary>Damages scenes that <see cref="DrawnScene"/> wrote.</summary>
internal static class DamagedScene
{
    /// <summary>Puts bytes into a tile that are no Deflate; the file's length stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tile">Which, from the end where it is negative.</param>
    public static void Break(string path, int tile = -1)
    {
        byte[] bytes = File.ReadAllBytes(path);
        long[] offsets;
        using (TiffFile file = TiffFile.Open(bytes, path)) offsets = file.Directory.Numbers(TiffTags.TileOffsets, 0, int.MaxValue);
        bytes.AsSpan((int)offsets[tile < 0 ? offsets.Length + tile : tile], 8).Fill(0x5A);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Has the last tile reach beyond the end of the file, as in one that is cut off and has its directory first.</summary>
    public static void Cut(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        long[] sizes;
        using (TiffFile file = TiffFile.Open(bytes, path)) sizes = file.Directory.Numbers(TiffTags.TileByteCounts, 0, int.MaxValue);
        var list = new byte[sizes.Length * 4];
        for (int i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(list.AsSpan(i * 4), (uint)sizes[i]);
        int last = bytes.AsSpan().LastIndexOf(list) + list.Length - 4;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(last), (uint)bytes.Length);
        File.WriteAllBytes(path, bytes);
    }
}
