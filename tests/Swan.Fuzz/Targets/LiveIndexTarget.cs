using System.Text;
using Swan.MLNet;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;

namespace Swan.Fuzz;

/// <summary>
/// The files of a living index, a manifest (its first byte is '{') or a segment: the checksums are made right, or nothing gets past them.
/// </summary>
internal sealed class LiveIndexTarget : FuzzTarget
{
    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        using var folder = new TemporaryFolder();
        foreach (SwanIndexScan scan in Enum.GetValues<SwanIndexScan>())
        {
            string path = Write(folder.File($"{scan}"), scan);
            yield return ($"{scan}-segment".ToLowerInvariant(), File.ReadAllBytes(path));
            yield return ($"{scan}-manifest".ToLowerInvariant(), File.ReadAllBytes(Path.Combine(folder.File($"{scan}"), "manifest.json")));
        }
    }

    public override void Run(byte[] bytes)
    {
        if (bytes.Length == 0) return;
        using var folder = new TemporaryFolder();
        string segment = Write(folder.File("index"), SwanIndexScan.Float32), manifest = Path.Combine(folder.File("index"), "manifest.json");
        if (bytes[0] == '{')
        {
            File.WriteAllBytes(manifest, SealedIndex.Manifest(bytes));
        }
        else
        {
            byte[] written = File.ReadAllBytes(segment), made = [.. bytes];
            string said = File.ReadAllText(manifest)
                .Replace(SealedIndex.Segment(written), SealedIndex.Segment(made), StringComparison.Ordinal)
                .Replace($"\"bytes\": {written.Length}", $"\"bytes\": {made.Length}", StringComparison.Ordinal);
            File.WriteAllBytes(segment, made);
            File.WriteAllBytes(manifest, SealedIndex.Manifest(Encoding.UTF8.GetBytes(said)));
        }
        try
        {
            using var index = SwanLiveIndex.Open(folder.File("index"));
            index.Verify();
            using SwanIndexSnapshot snapshot = index.Snapshot();
            // What passed the check can be read.
            if (snapshot.Rows().Count() != snapshot.Count) throw Broken("rows are counted that are not there");
            if (!snapshot.Keys().All(key => snapshot.TryGet(key, out _))) throw Broken("a key isn't found");
            float[] query = new float[snapshot.EmbeddingSize];
            query[0] = 1;
            if (snapshot.Search(query, int.MaxValue).Length != snapshot.Count) throw Broken("a row isn't found");
        }
        catch (SwanFormatException)
        {
            // Refused.
        }
    }

    private static string Write(string folder, SwanIndexScan scan)
    {
        var settings = new SwanIndexSettings(3) { Scan = scan, Columns = [new("n", SwanColumnType.Number), new("t", SwanColumnType.Text)] };
        using var index = SwanLiveIndex.Create(folder, settings);
        using SwanIndexWriter writer = index.OpenWriter(new() { CompactInBackground = false });
        for (int i = 0; i < 3; i++)
            writer.Upsert($"key {i}", [1, i, 0], new Dictionary<string, object?> { ["n"] = i, ["t"] = $"text {i}" });
        writer.Commit();
        return Directory.GetFiles(Path.Combine(folder, "segments")).Single();
    }
}
