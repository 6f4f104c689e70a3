using System.Security.Cryptography;
using Swan.MLNet;
using Swan.MLNet.Search;

namespace Swan.Fuzz;

/// <summary>Index files: one that is read and written reads as the same. The checksum is made right, or nothing gets past it.</summary>
internal sealed class IndexTarget : FuzzTarget
{
    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("one.swanindex", Saved(SwanIndex.Build([1, 0, 0], 3, ["a.jpg"])));
        yield return ("two.swanindex", Saved(SwanIndex.Build([1, 0, 0.6f, 0.8f], 2, ["a.jpg", "b/ü.jpg"])));
    }

    public override void Run(byte[] bytes)
    {
        byte[] sealedBytes = [.. bytes];
        if (bytes.Length >= 32) SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32)).CopyTo(sealedBytes, bytes.Length - 32);
        using var stream = new MemoryStream(sealedBytes);
        SwanIndex index;
        try
        {
            index = SwanIndex.Load(stream, "fuzzed");
        }
        catch (SwanFormatException)
        {
            return;
        }
        byte[] saved = Saved(index);
        using var again = new MemoryStream(saved);
        SwanIndex same = SwanIndex.Load(again, "saved");
        if (!Saved(same).AsSpan().SequenceEqual(saved) || !same.Keys.SequenceEqual(index.Keys)) throw Broken("it was saved as another");
        if (index.Count == 0) return;
        float[] query = new float[index.EmbeddingSize];
        query[0] = 1;
        if (index.Search(query, 3).Length == 0) throw Broken("nothing was found in an index with rows");
    }

    private static byte[] Saved(SwanIndex index)
    {
        using var stream = new MemoryStream();
        index.Save(stream);
        return stream.ToArray();
    }
}
